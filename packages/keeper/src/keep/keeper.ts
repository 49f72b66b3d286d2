import type { Change, Hub, Metadata } from '@conn-hub/core'
import { begin } from '../edges/begin.js'
import { expect, isFunction } from '../edges/check.js'
import { Listeners } from '../edges/listeners.js'
import type { Keeper, KeeperOptions, Kept, KeyTarget } from '../model/keeper.js'
import { subscribe } from '../time/online.js'
import { type End, keeperClosed } from './ends.js'
import { explainIntent } from './explain.js'
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
  expect(isFunction(hub?.connect) && isFunction(hub.on), 'a hub', 'hub')
  const settings = readKeeperOptions(options)
  const listeners = new Listeners<Kept>('keeper')
  const keeping = new Keeping(hub as Hub<unknown, never>, settings, (kept) => listeners.tell(kept))
  const stops: (() => void)[] = []
  const close = () => {
    for (const stop of stops.splice(0)) stop()
    keeping.close()
    listeners.clear()
  }
  begin(close, () => {
    stops.push(...listen(hub, keeping))
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
    explain: (address) =>
      [...keeping.links.at(address)].flatMap((intent) => explainIntent(intent, keeping.waits)),
    close,
  } satisfies Keeper<D>)
}

/** One step of an entry is told in parts, one right after the other: how it ended, then the change. */
const listen = <S, D extends Metadata>(hub: Hub<S, D>, keeping: Keeping): (() => void)[] => {
  let end: End | undefined
  return [
    hub.on('connecting', ({ address }) => keeping.dialBegan(address)),
    hub.on('connecting-failed', ({ address, error }) => keeping.dialFailed(address, error)),
    hub.on('session-closed', ({ address, reason, initiator, error, session }) => {
      end = { address, reason, initiator, error, key: session.key, hadSession: true }
    }),
    hub.on('disconnected', ({ address, reason, initiator, error }) => {
      if (end?.address === address) return
      end = { address, reason, initiator, error, key: undefined, hadSession: false }
    }),
    hub.on('change', (change) => {
      const ended = end
      end = undefined
      keeping.changed(change as Change<unknown>, ended)
    }),
  ]
}
