import type { Hub, Metadata, PeerKey } from '@conn-hub/core'
import { checkHub, checkNames, checkSignal, readFleetOptions } from './edges/options.js'
import { Finder } from './finder.js'
import { Member } from './member.js'
import { FleetError } from './model/errors.js'
import type { Fleet, SignalOptions } from './model/fleet.js'
import type { FleetOptions } from './model/options.js'
import { iterateChanges } from './view/iterator.js'

/**
 * Makes this hub one of a fleet: the others see who is connected here, and it sees who is connected there. Returns at once; the hub never
 * waits for it. Throws `INVALID_OPTION`, or the hub's `HUB_CLOSED`.
 *
 * @example
 * const fleet = joinFleet(hub, { engine: redisEngine(client), machine: 'web-1' })
 * const [place] = await fleet.find('anna')
 */
export const joinFleet = <S, D extends Metadata, P = unknown>(
  hub: Hub<S, D>,
  options: FleetOptions<S, P> = {},
): Fleet<P> => {
  checkHub(hub)
  const settings = readFleetOptions(options)
  // Types of the app alone: a fleet touches no handle and no metadata, and `publish` is given entries of this very hub.
  const member = new Member(hub as unknown as Hub<unknown>, settings as never)
  const finder = new Finder<P>(member)
  const assertFollows = () => {
    if (settings.follow) return
    throw new FleetError('NOT_FOLLOWING', 'This needs the view of all: join with follow: true.')
  }
  const assertIn = () => {
    if (!member.isOver) return
    throw new FleetError('FLEET_LEFT', 'The fleet was left, or the hub has closed.')
  }
  return Object.freeze({
    machine: settings.machine,
    ready: member.ready,
    get state() {
      return member.state
    },
    get since() {
      return member.since
    },
    find: async (key: PeerKey) => {
      assertIn()
      return finder.find(key)
    },
    entries: () => {
      assertFollows()
      return finder.entries()
    },
    changes: (given: SignalOptions = {}) => {
      assertFollows()
      checkNames(given, ['signal'])
      checkSignal(given.signal)
      return iterateChanges<P>(member, given.signal)
    },
    machines: async () => {
      assertIn()
      return finder.machines()
    },
    on: (type, listener, given) => member.listeners.on(type, listener, given),
    drain: () => member.drain(),
    leave: () => member.leave(),
  } satisfies Fleet<P>)
}
