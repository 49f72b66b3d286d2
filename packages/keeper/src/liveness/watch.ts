import { type Hub, HubError, type Metadata } from '@conn-hub/core'
import { begin } from '../edges/begin.js'
import { checkHub } from '../edges/check.js'
import { Listeners } from '../edges/listeners.js'
import type { Explanation } from '../model/keeper.js'
import type { Liveness, LivenessOptions, WatchedLink } from '../model/liveness.js'
import { subscribe } from '../time/online.js'
import { readLivenessOptions } from './options.js'
import { probeAll } from './probe.js'
import { Watching } from './watching.js'

/**
 * Watches over the links of a hub: where one has been silent for long, it asks for a sign of life, and tells, or closes, those that give none. Any
 * byte that comes counts.
 *
 * Throws `HUB_CLOSED` or `INVALID_OPTION`.
 *
 * @example
 * const liveness = watchLiveness(hub, { onSilent: 'disconnect' })
 * hub.on('disconnected', ({ address, reason }) => console.log(address, reason))
 */
export const watchLiveness = <S, D extends Metadata = Metadata>(
  hub: Hub<S, D>,
  options: LivenessOptions = {},
): Liveness<S> => {
  checkHub(hub)
  const settings = readLivenessOptions(options)
  const listeners = new Listeners<WatchedLink<S>>('liveness')
  const own = hub as unknown as Hub<S, never>
  const stops: (() => void)[] = []
  const close = () => {
    for (const stop of stops.splice(0)) stop()
    watching.close()
    listeners.clear()
  }
  const tell = (link: WatchedLink<S>) => listeners.tell(link)
  const watching = new Watching<S>(own, settings, tell, close)
  begin(close, () => {
    stops.push(hub.on('session', ({ address, session }) => watching.add(address, session)))
    stops.push(hub.on('session-closed', ({ session }) => watching.remove(session)))
    stops.push(subscribe(settings.online, () => settings.online.get() && watching.askAll()))
    stops.push(hub.on('close', close))
    for (const { address, sessions } of hub.snapshot())
      for (const session of sessions) watching.add(address, session)
  })

  return Object.freeze({
    entries: () => watching.links.values(),
    on: (type, listener) => {
      if (watching.isClosed) throw watchOver()
      return listeners.on(type, listener)
    },
    probe: (options) =>
      probeAll(own, options, settings.clock, (session) => watching.heard(session)),
    explain: (address) =>
      (hub.get(address)?.sessions ?? []).flatMap((session) => {
        const link = watching.links.get(session)
        return link ? [explain(link)] : []
      }),
    close,
  } satisfies Liveness<S>)
}

const watchOver = () =>
  new HubError('WATCH_OVER', 'This watch is over, or its hub is closed. Begin a new one.')

const explain = ({ state, misses }: WatchedLink<unknown>): Explanation => {
  const missing = misses > 0 ? `, ${misses} without an answer` : ''
  return { by: 'liveness', text: `the link is ${state}${missing}` }
}
