import type { Report } from '../edges/report.js'
import type { Address, Direction, Session } from '../model/connection.js'
import type { ErrorOrigin } from '../model/errors.js'
import type { HubEvents, Refusal } from '../model/events.js'
import { createEventBus, type EventBus } from './event-bus.js'
import { createStore, type Entries } from './store.js'
import { type Input, type Step, transition } from './transition.js'

/** What is still to be told or done, in its turn. */
interface Item {
  run: () => void
  following: Item | undefined
}

/** The one place where an entry changes, and the one loop that tells of it. */
export interface Ledger<S> extends Entries<S> {
  /** How many sessions are open in the entries. */
  readonly sessions: { readonly inbound: number; readonly outbound: number }
  readonly on: EventBus<HubEvents<S>>['on']
  /** Takes effect at once; `deliver()` tells of it. Whoever calls foreign code in between finds everything as it is now. */
  readonly commit: (address: Address, input: Input<S>) => Step<S>
  /** Called inside a delivery, it leaves the rest to the loop that is running: so all hear all in one order. */
  readonly deliver: () => void
  /** What `run` does comes after everything that is still to be told. */
  readonly later: (run: () => void) => void
  readonly refused: (refusal: Refusal) => void
  /** Tells an error that nobody waits for. */
  readonly report: (error: unknown, from: ErrorOrigin) => void
  /** After what is still to be told comes `close`, and then nothing any more. */
  readonly end: () => void
}

export const createLedger = <S>(onError: Report): Ledger<S> => {
  const { set, ...entries } = createStore<S>()
  const bus = createEventBus<HubEvents<S>>((error, call) =>
    report(error, { origin: 'listener', call }),
  )
  /** As they were when they came in: a session that says something else later changes no count. */
  const inbound = new Set<Session<S>>()
  let outbound = 0
  let first: Item | undefined
  let last: Item | undefined
  /** How much of the first item has been told. */
  let told = 0
  let delivering = false
  let seq = 0

  const later = (run: () => void): void => {
    const item = { run, following: undefined }
    if (last) last.following = item
    else first = item
    last = item
  }

  /** Gives the direction of the session that has come or gone. */
  const count = ({ opened, ended }: Step<S>): Direction => {
    if (opened?.direction === 'inbound') inbound.add(opened.session)
    else if (opened) outbound++
    else if (ended && inbound.delete(ended.session)) return 'inbound'
    else if (ended) outbound--
    return opened?.direction ?? 'outbound'
  }

  /** An item may be interrupted between two calls, and goes on there. */
  const tellOnce = <T extends keyof HubEvents<S>>(
    place: number,
    type: T,
    event: HubEvents<S>[T],
  ): void => {
    if (told > place) return
    bus.emit(type, event)
    told = place + 1
  }

  /** @param interrupted The item that had no room before: where it throws again, from a fresh stack, that is told in its place. */
  const deliver = (interrupted?: Item): void => {
    if (delivering) return
    delivering = true
    try {
      while (first) {
        first.run()
        // No call in between: it might have no room, and the item would be told twice.
        told = 0
        first = first.following
        if (!first) last = undefined
      }
    } catch (error) {
      if (interrupted && first === interrupted) {
        interrupted.run = () => report(error, { call: 'deliver', origin: 'listener' })
      }
      // The stack has no room left. The rest is told from a fresh one, or with the next step, whichever comes first.
      Promise.resolve(first).then(deliver)
    } finally {
      delivering = false
    }
  }

  const tell = <T extends keyof HubEvents<S>>(type: T, event: HubEvents<S>[T]): void => {
    if (!bus.has(type)) return
    later(() => bus.emit(type, event))
    deliver()
  }

  const report = (error: unknown, from: ErrorOrigin): void => {
    onError(error, from)
    // An error of whoever listens to errors would come back to it for ever.
    if (from.call !== 'error' || from.origin !== 'listener') tell('error', { error, from })
  }

  const commit = (address: Address, input: Input<S>): Step<S> => {
    const before = entries.get(address)
    const at = Date.now()
    const step = transition(before, input, { address, seq: seq + 1, at })
    const { next, event, ended, opened } = step
    if (next === before) return step
    if (event) seq++
    set(address, before, next)
    const direction = count(step)
    later(() => {
      const key = (next ?? before)?.key
      if (ended && bus.has('session-closed')) {
        const type = 'session-closed'
        tellOnce(0, type, { type, at, address, key, direction, ...ended })
      }
      if (event) {
        // The compiler does not see that an event has the type of its name.
        tellOnce(1, event.type, event as never)
        tellOnce(2, '*', event)
      }
      if (opened && bus.has('session')) {
        const { session } = opened
        tellOnce(3, 'session', { type: 'session', at, address, key, session, direction })
      }
      if (bus.has('change')) bus.emit('change', { before, after: next })
    })
    return step
  }

  return {
    ...entries,
    sessions: Object.freeze({
      get inbound() {
        return inbound.size
      },
      get outbound() {
        return outbound
      },
    }),
    on: bus.on,
    commit,
    deliver,
    later,
    refused: (refusal) => tell('refused', refusal),
    report,
    end: () => {
      later(() => bus.emit('close', undefined))
      later(bus.clear)
      deliver()
    },
  }
}
