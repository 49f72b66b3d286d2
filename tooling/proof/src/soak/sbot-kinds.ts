import { changes, liveEntries } from '@conn-hub/async-iterator'
import type { Hub } from '@conn-hub/core'
import type { Sbot, SbotRpc } from '@conn-hub/testkit'

export interface SbotScene {
  readonly hub: Hub<SbotRpc>
  readonly us: Sbot
  readonly peer: Sbot
  /** The one signal that all cycles share, and that never aborts. */
  readonly signal: AbortSignal
}

/** The ways in which an rpc comes and goes. */
export const SBOT_KINDS: readonly ((scene: SbotScene) => Promise<unknown>)[] = [
  closedByUs,
  closedByThem,
  cameIn,
  cameInAndWent,
  abandoned,
  cancelled,
  joined,
  watched,
]

async function closedByUs({ hub, peer, signal }: SbotScene) {
  await hub.connect(peer.address, { data: { tags: ['a', 'b'] }, signal })
  hub.update(peer.address, { seen: 1 })
  await hub.disconnect(peer.address, { signal })
}

async function closedByThem({ hub, us, peer, signal }: SbotScene) {
  const hangUp = (rpc: SbotRpc) => rpc.close(true)
  await hub.connect(peer.address, { signal, timeout: 30_000 })
  const gone = leaves(hub, peer.address)
  // They may have it already, or a little later.
  peer.ssb.on('rpc:connect', hangUp)
  for (const rpc of [...(peer.ssb.peers[us.id] ?? [])]) hangUp(rpc)
  await gone
  peer.ssb.off('rpc:connect', hangUp)
}

async function cameIn({ hub, us, peer, signal }: SbotScene) {
  const { address } = await comesIn({ hub, us, peer })
  hub.update(address, { welcome: true })
  await hub.disconnect(address, { signal })
}

async function cameInAndWent({ hub, us, peer }: SbotScene) {
  const { address, rpc } = await comesIn({ hub, us, peer })
  const gone = leaves(hub, address)
  rpc.close(true)
  await gone
}

/** The rpc comes when nobody wants it any more. */
async function abandoned({ hub, peer }: SbotScene) {
  const own = new AbortController()
  const dialed = hub.connect(peer.address, { signal: own.signal })
  own.abort()
  await dialed.catch(() => {})
}

async function cancelled({ hub, peer, signal }: SbotScene) {
  const dialed = hub.connect(peer.address, { signal })
  await hub.disconnect(peer.address)
  await dialed.catch(() => {})
}

async function joined({ hub, peer, signal }: SbotScene) {
  const own = new AbortController()
  const both = [hub.connect(peer.address, { signal }), hub.connect(peer.address, { signal })]
  const third = hub.connect(peer.address, { signal: own.signal })
  own.abort()
  await third.catch(() => {})
  await Promise.all(both)
  await hub.disconnect(peer.address)
}

async function watched({ hub, peer, signal }: SbotScene) {
  const own = new AbortController()
  const stop = hub.on('*', () => {}, { signal })
  const iterator = liveEntries(hub, { signal })
  changes(hub, { signal: own.signal })
  await iterator.next()
  await hub.connect(peer.address)
  await iterator.next()
  own.abort()
  await hub.disconnect(peer.address)
  stop()
  await iterator.return()
}

/** The peer dials us; gives the address of the entry, and the rpc as the peer has it. */
const comesIn = async ({ hub, us, peer }: Omit<SbotScene, 'signal'>) => {
  const entered = new Promise<string>((resolve) => {
    const stop = hub.on('connected', ({ address, key, direction }) => {
      if (direction !== 'inbound' || key !== peer.id) return
      stop()
      resolve(address)
    })
  })
  const opened = new Promise<SbotRpc>((resolve, reject) => {
    peer.ssb.connect(us.address, (error, rpc) => (rpc ? resolve(rpc) : reject(error)))
  })
  const [address, rpc] = await Promise.all([entered, opened])
  return { address, rpc }
}

const leaves = (hub: Hub<SbotRpc>, address: string): Promise<void> =>
  new Promise((resolve) => {
    const stop = hub.on('disconnected', (event) => {
      if (event.address !== address) return
      stop()
      resolve()
    })
  })
