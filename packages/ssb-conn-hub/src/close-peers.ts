import { log } from './log.js'
import type { Rpc, Sbot } from './types.js'

/** What `ssb.peers` holds beyond the entries. */
export const closePeers = (ssb: Pick<Sbot, 'id' | 'peers'>): void => {
  for (const [id, rpcs] of Object.entries(ssb.peers ?? {})) {
    if (id === ssb.id) continue
    // An rpc that closes leaves the array: go through a copy, or every second one is passed over.
    for (const rpc of [...rpcs]) closeQuietly(rpc)
  }
}

/** One that throws, or rejects, keeps none of the others open. */
const closeQuietly = async (rpc: Rpc): Promise<void> => {
  try {
    if (typeof rpc.close === 'function') await rpc.close(true, () => {})
  } catch (error) {
    log(`an rpc could not be closed: ${String(error)}`)
  }
}
