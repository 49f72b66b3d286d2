import { type Sbot, startSbot, until } from '@conn-hub/testkit'
import { countTimers, type TimerCount } from './timers.js'

/** Real sbots of one process, so that all of the heap counts: we, and those that we meet. */
export interface Sbots {
  readonly us: Sbot
  readonly peers: readonly Sbot[]
  /** Of ours. */
  openRpcs(): number
  /** Resolves once every rpc has closed, and the sbots have let go of all. */
  quiet(): Promise<void>
  /** Gives the timers that are left. */
  close(): Promise<number>
}

/** Most of a cycle is waiting for TCP, so several run at once, each with a peer of its own. */
export const LANES = 4

/**
 * An sbot keeps a closed rpc, and an interval that looks at it, until the rpc has been idle for this long, in
 * ms: so it is short here, and the heap is measured when it is over.
 */
const INACTIVITY = 2_000
const config = { timers: { inactivity: INACTIVITY, handshake: 5_000 } }

export const startSbots = async (): Promise<Sbots> => {
  const timers: TimerCount = countTimers()
  const all = await Promise.all(Array.from({ length: 1 + LANES }, () => startSbot({ config })))
  const [us, ...peers] = all as [Sbot, ...Sbot[]]
  const timersBefore = timers.outstanding()
  const openRpcs = () => Object.values(us.ssb.peers).flat().length
  return {
    us,
    peers,
    openRpcs,
    quiet: async () => {
      await until(() => openRpcs() === 0, 'every rpc has closed')
      await until(
        () => timers.outstanding() <= timersBefore,
        'the sbots have let go of closed rpcs',
      )
    },
    close: async () => {
      await Promise.all(all.map((sbot) => sbot.close()))
      timers.stop()
      return timers.outstanding()
    },
  }
}
