import { HOLD_TIMEOUT } from '@conn-hub/testkit'
import { Callers } from './call.js'
import type { Links } from './links.js'
import {
  type Caller,
  contradicts,
  type Dial,
  type Entry,
  type Hold,
  type Link,
  SELF,
  type StepOf,
  shown,
} from './parts.js'
import { nameOf, type Table } from './table.js'

const DIAL_TIMEOUT = 30_000

/** Dials, from the first caller to the outcome. */
export class Dials {
  readonly all: Dial[] = []
  readonly holds: Hold[] = []
  answers: StepOf<'answer dials'>['how'] = 'later'
  readonly #table: Table
  readonly #links: Links
  readonly #abandoned: (entry: Entry) => void

  constructor(table: Table, links: Links, abandoned: (entry: Entry) => void) {
    this.#table = table
    this.#links = links
    this.#abandoned = abandoned
  }

  /** `others` wait for the same address, and join. */
  dial(caller: Caller, others: Callers<Caller> | undefined): void {
    const { address, data, timeout = DIAL_TIMEOUT, key: named } = caller.step
    const key = nameOf(address) ?? named
    if (key === SELF) return void caller.settle('DIAL_SELF')
    const entry = this.#table.begin(address, key, data)
    const nobodyWaits = () => dial.alive && entry.state === 'connecting' && this.#abandoned(entry)
    const dial: Dial = {
      address,
      timeout,
      callers: new Callers<Caller>(nobodyWaits),
      holds: new Set(),
      holdLeft: HOLD_TIMEOUT,
      heldSince: 0,
      stopClock: () => {},
      stopHold: () => {},
      alive: true,
    }
    entry.dial = dial
    this.all.push(dial)
    dial.callers.join(caller)
    others?.drain((other) => this.join(entry, other))
    this.#begin(dial)
    this.#startClock(dial)
  }

  join(entry: Entry, caller: Caller): void {
    const { data, timeout } = caller.step
    Object.assign(entry.data, data)
    entry.dial?.callers.join(caller)
    if (timeout !== undefined) caller.limit(timeout, this.#table.timers)
  }

  answer(dial: Dial | undefined, step: StepOf<'answer'>): void {
    if (!dial) return
    const again = step.again && typeof dial.answer === 'object' ? dial.answer : undefined
    const link = again ?? this.#links.open(dial.address, 'outbound', step)
    dial.answer ??= link
    if (link === dial.taken) return
    if (!dial.alive) return void this.#links.refuse(link, 'late')
    dial.taken = link
    if (link.key === SELF) {
      this.#links.refuse(link, 'self')
      return void this.#failed(dial, 'DIAL_SELF')
    }
    const refused = this.#table.adopt(link)
    if (refused) {
      this.#links.refuse(link, refused)
      return void this.#failed(dial, 'WRONG_PEER')
    }
    this.#over(dial)
    this.give(dial, link)
  }

  /** Those who wait for a dial get a link. */
  give(dial: Dial | undefined, link: Link): void {
    dial?.callers.drain((caller) => give(caller, link))
  }

  fail(dial: Dial | undefined): void {
    if (!dial) return
    dial.answer ??= 'failure'
    if (dial.alive) this.#failed(dial, 'DIAL_FAILED')
  }

  hold(dial: Dial | undefined, why: string): void {
    if (!dial) return
    const hold = { dial, why: shown(why) }
    this.holds.push(hold)
    if (!dial.alive) return
    if (dial.holds.size === 0) this.#held(dial)
    dial.holds.add(hold)
    this.#show(dial)
  }

  release(hold: Hold | undefined): void {
    const dial = hold?.dial
    if (!dial?.holds.delete(hold as Hold)) return
    this.#show(dial)
    if (dial.holds.size > 0) return
    dial.stopHold()
    dial.holdLeft -= this.#table.timers.now - dial.heldSince
    this.#startClock(dial)
  }

  /** Ends a dial without the transport. */
  cancel(entry: Entry, code: string): void {
    const { dial } = entry
    if (!dial) return
    this.#over(dial)
    dial.callers.settle(code)
  }

  #begin(dial: Dial): void {
    const { answers } = this
    if (answers === 'at once') {
      this.answer(dial, { do: 'answer', dial: 0, again: false, closes: 'at-once' })
    } else if (answers === 'held') this.hold(dial, 'a queue')
    else if (answers !== 'later') this.fail(dial)
  }

  #failed(dial: Dial, error: string): void {
    const entry = this.#table.entries.get(dial.address)
    this.#over(dial)
    if (entry?.state === 'connecting') {
      const { address, key } = entry
      this.#table.entries.delete(address)
      this.#table.tell({ type: 'connecting-failed', address, key, error })
    }
    dial.callers.settle(error)
  }

  #over(dial: Dial): void {
    dial.alive = false
    dial.stopClock()
    dial.stopHold()
    dial.holds.clear()
    const entry = this.#table.entries.get(dial.address)
    if (entry?.dial === dial) entry.dial = undefined
  }

  #startClock(dial: Dial): void {
    if (!dial.alive || dial.holds.size > 0) return
    const { timers } = this.#table
    dial.stopClock = timers.start(dial.timeout, () => this.#failed(dial, 'DIAL_TIMEOUT'))
  }

  #held(dial: Dial): void {
    const { timers } = this.#table
    dial.stopClock()
    dial.heldSince = timers.now
    dial.stopHold = timers.start(dial.holdLeft, () => this.#failed(dial, 'DIAL_TIMEOUT'))
  }

  #show({ address, holds }: Dial): void {
    const entry = this.#table.entries.get(address)
    if (entry?.state === 'connecting') entry.waits = [...holds].at(-1)?.why
  }
}

/** A link is given to whoever asks for its key, or for none. */
export const give = (caller: Caller, { key, index }: Link): void =>
  caller.settle(contradicts(caller.step.key, key) ? 'WRONG_PEER' : `session ${index}`)
