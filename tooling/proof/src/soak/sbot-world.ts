import { getEventListeners } from 'node:events'
import { createHub } from '@conn-hub/core'
import { toTransport } from '@conn-hub/secret-stack'
import { type Sbot, type SbotRpc, startSbot, until } from '@conn-hub/testkit'
import { countHearing } from './hearing.js'
import type { World } from './part.js'
import { countTimers } from './timers.js'

/** Most of a cycle is waiting for TCP, so several run at once, each with a peer of its own. */
const LANES = 4

/**
 * In ms: an sbot keeps a closed rpc, and an interval that looks at it, until the rpc has been idle for so long. So it
 * is short here, and the heap is measured when it is over.
 */
const config = { timers: { inactivity: 2_000, handshake: 5_000 } }

/** Real sbots of one process, so that all of the heap counts: we, and those that we meet. */
export const openSbotWorld = async (): Promise<World> => {
  const timers = countTimers()
  const sbots = await Promise.all(Array.from({ length: 1 + LANES }, () => startSbot({ config })))
  const [us, ...peers] = sbots as [Sbot, ...Sbot[]]
  const timersBefore = timers.outstanding()
  const openRpcs = () => Object.values(us.ssb.peers).flat().length
  const listening = () => us.ssb.listenerCount('rpc:connect')
  const listenedBefore = listening()
  let errors = 0
  const onError = () => {
    errors++
  }
  const transport = toTransport<SbotRpc>(us.ssb)
  const { hub, heard } = countHearing(createHub({ transport, onError }))
  const { signal } = new AbortController()

  const quiet = async () => {
    await until(() => openRpcs() === 0, 'every rpc has closed')
    await until(() => timers.outstanding() <= timersBefore, 'the sbots let go of closed rpcs')
    await until(() => hub.size === 0, 'every entry has left')
  }

  /** We dial, and the hub disconnects, or the rpc closes by itself; they dial; nobody wants the rpc any more when it comes. */
  const kinds: readonly ((peer: Sbot) => Promise<unknown>)[] = [
    async ({ address }) => {
      await hub.connect(address, { data: { tags: ['a', 'b'] }, signal })
      hub.update(address, { seen: 1 })
      await hub.disconnect(address, { signal })
    },
    async ({ address }) => {
      const rpc = await hub.connect(address, { signal })
      rpc.close(true)
      await until(() => hub.get(address) === undefined, 'it has left')
    },
    async ({ ssb }) => {
      const rpc = await new Promise<SbotRpc>((resolve, reject) => {
        ssb.connect(us.address, (error, opened) => (opened ? resolve(opened) : reject(error)))
      })
      rpc.close(true)
      await until(() => hub.byKey(ssb.id).length === 0, 'it has left')
    },
    async ({ address }) => {
      const own = new AbortController()
      const dialed = hub.connect(address, { signal: own.signal })
      own.abort()
      await dialed.catch(() => {})
    },
  ]

  return {
    name: 'sbots',
    lanes: LANES,
    quiet,
    cycle: async (index, lane) => {
      await kinds[index % kinds.length]?.(peers[lane] as Sbot)
    },
    end: async () => {
      const before = heard()
      const { address } = peers[0] as Sbot
      await hub.connect(address)
      await hub.disconnect(address)
      await hub.close()
      await quiet()
      const rpcs = openRpcs()
      const listeners = listening() - listenedBefore
      await Promise.all(sbots.map((sbot) => sbot.close()))
      timers.stop()
      return {
        'errors told': errors,
        entries: hub.size,
        rpcs,
        'abort listeners': getEventListeners(signal, 'abort').length,
        'listeners of the hub': heard() - before,
        'listeners of the sbot': listeners,
        timers: timers.outstanding(),
      }
    },
  }
}
