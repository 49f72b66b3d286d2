import type { Sbot, SbotRpc } from '@conn-hub/testkit'
import type { World } from './part.js'
import { LANES, startSbots } from './sbots.js'

/**
 * The same sbots without a hub: what grows here, grows by secret-stack and by V8, which compiles what is warm.
 * It runs before the sbots with the hub, so that this growth is not taken for the hub's.
 */
export const openControlWorld = async (): Promise<World> => {
  const { us, peers, openRpcs, quiet, close } = await startSbots()
  return {
    name: 'sbots without the hub',
    isControl: true,
    lanes: LANES,
    quiet,
    cycle: async (index, lane) => {
      const peer = peers[lane] as Sbot
      const [from, to] = index % 2 === 0 ? [us, peer] : [peer, us]
      await hangUp(await dial(from, to))
    },
    end: async () => {
      await quiet()
      return { rpcs: openRpcs(), timers: await close() }
    },
  }
}

const dial = ({ ssb }: Sbot, { address }: Sbot): Promise<SbotRpc> =>
  new Promise((resolve, reject) => {
    ssb.connect(address, (error, rpc) => (rpc ? resolve(rpc) : reject(error)))
  })

const hangUp = (rpc: SbotRpc): Promise<void> =>
  new Promise((resolve, reject) => {
    rpc.close(true, (error) => (error ? reject(error) : resolve()))
  })
