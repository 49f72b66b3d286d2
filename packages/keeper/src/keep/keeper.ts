import type { Hub, Metadata } from '@conn-hub/core'
import { begin } from '../edges/begin.js'
import { checkHub, expect } from '../edges/check.js'
import { Listeners } from '../edges/listeners.js'
import type { Keeper, KeeperOptions, Kept, KeyTarget } from '../model/keeper.js'
import { subscribe } from '../time/online.js'
import { keeperClosed } from './ends.js'
import { explainIntent } from './explain.js'
import { hear } from './hearing.js'
import { Keeping } from './keeping.js'
import { readKeeperOptions } from './options.js'

/**
 * Keeps connections of a hub: dials what is wanted, and dials it again when it is lost, by rules that harm no server.
 *
 * Throws `HUB_CLOSED` or `INVALID_OPTION`.
 *
 * @example
 * const keeper = createKeeper(hub)
 * const kept = keeper.keep('mem:bob')
 * keeper.on('change', ({ state }) => console.log(state))
 */
export const createKeeper = <S, D extends Metadata = Metadata>(
  hub: Hub<S, D>,
  options: KeeperOptions = {},
): Keeper<D> => {
  checkHub(hub)
  const settings = readKeeperOptions(options)
  const listeners = new Listeners<Kept>('keeper')
  const stops: (() => void)[] = []
  const close = () => {
    for (const stop of stops.splice(0)) stop()
    keeping.close()
    listeners.clear()
  }
  const tell = (kept: Kept) => listeners.tell(kept)
  const keeping = new Keeping(hub as Hub<unknown, never>, settings, tell, close)
  begin(close, () => {
    stops.push(...hear(hub, keeping.hearing))
    stops.push(subscribe(settings.online, () => keeping.networkChanged()))
    stops.push(hub.on('close', close))
  })

  return Object.freeze({
    keep: (what: string | KeyTarget, options = {}) => keeping.keep(what, options),
    pause: (why) => {
      expect(typeof why === 'string', 'a string', 'why')
      keeping.pause(why)
    },
    resume: () => keeping.resume(),
    entries: () => keeping.links.all(),
    on: (type, listener) => {
      if (keeping.isClosed) throw keeperClosed()
      return listeners.on(type, listener)
    },
    explain: (address, key) =>
      [...new Set([...keeping.links.at(address), ...keeping.links.of(key)])].flatMap((intent) =>
        explainIntent(intent, keeping.waits),
      ),
    close,
  } satisfies Keeper<D>)
}
