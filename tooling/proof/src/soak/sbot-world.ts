import { getEventListeners } from 'node:events'
import { createHub } from '@conn-hub/core'
import { toTransport } from '@conn-hub/secret-stack'
import { type Sbot, type SbotRpc, until } from '@conn-hub/testkit'
import { countHearing } from './hearing.js'
import type { World } from './part.js'
import { SBOT_KINDS, type SbotScene } from './sbot-kinds.js'
import { LANES, startSbots } from './sbots.js'

export const openSbotWorld = async (): Promise<World> => {
  const sbots = await startSbots()
  const { us, peers, openRpcs } = sbots
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
    await sbots.quiet()
    await until(() => hub.size === 0, 'every entry has left')
  }

  return {
    name: 'sbots',
    lanes: LANES,
    quiet,
    cycle: async (index, lane) => {
      const kind = SBOT_KINDS[index % SBOT_KINDS.length] as (scene: SbotScene) => Promise<unknown>
      await kind({ hub, us, peer: peers[lane] as Sbot, signal })
    },
    end: async () => {
      const before = heard()
      const { address } = peers[0] as Sbot
      await hub.connect(address)
      await hub.disconnect(address)
      await hub.close()
      await quiet()
      return {
        'errors told': errors,
        entries: hub.size,
        rpcs: openRpcs(),
        'abort listeners': getEventListeners(signal, 'abort').length,
        'listeners of the hub': heard() - before,
        'listeners of the sbot': listening() - listenedBefore,
        timers: await sbots.close(),
      }
    },
  }
}
