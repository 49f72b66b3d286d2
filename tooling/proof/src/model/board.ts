import type { Answer, CloseBehaviour, Step } from '@conn-hub/testkit'
import type { Closing, Dial, Entry, Link } from './parts.js'
import { Queue, Ticket } from './ticket.js'

const DIAL_TIMEOUT = 30_000
const CLOSE_TIMEOUT = 5_000

type StepOf<D extends Step['do']> = Extract<Step, { do: D }>

/** The entries, dials and links of a hub, and what calls do to them. Time stands still in here. */
export class Board {
  readonly entries = new Map<string, Entry>()
  /** Every link there was, in the order in which they opened. */
  readonly links: Link[] = []
  readonly dials: Dial[] = []
  answerDials: Answer = 'later'
  /** In ms. */
  now = 0
  /** What happens as soon as the running call has returned. */
  readonly soon: (() => void)[] = []
  #closed = false
  readonly #closers = new Queue()
  /** Links that the end of the hub waits for, and how long. */
  readonly #leaving = new Set<Link>()
  #end = Number.POSITIVE_INFINITY

  connect(step: StepOf<'connect'>, ticket: Ticket): void {
    const { address, data, timeout } = step
    const entry = this.entries.get(address)
    if (this.#closed) return void ticket.settle('HUB_CLOSED')
    if (!entry) return void this.#dial(step, ticket)
    if (entry.closing) {
      const connect = () => ticket.outcome === 'pending' && this.connect(step, ticket)
      entry.closing.dialers.push({ ticket, connect })
      return void ticket.wait(() => {})
    }
    Object.assign(entry.data, data)
    if (entry.state === 'connected') ticket.settle('session')
    else entry.dial?.callers.join(ticket, timeout && this.now + timeout)
  }

  #dial({ address, data, timeout = DIAL_TIMEOUT }: StepOf<'connect'>, ticket: Ticket): void {
    if (address === 'fault:me') return void ticket.settle('DIAL_SELF')
    const deserted = () => dial.alive && entry.state === 'connecting' && this.#gone(entry)
    const callers = new Queue(deserted)
    const dial: Dial = { address, deadline: this.now + timeout, callers, alive: true }
    const entry: Entry = { address, state: 'connecting', links: [], data: { ...data }, dial }
    this.entries.set(address, entry)
    this.dials.push(dial)
    callers.join(ticket)
    if (this.answerDials === 'at once') this.answer(dial, 'at-once')
    else if (this.answerDials !== 'later') this.fail(dial)
  }

  answer(dial: Dial | undefined, closes: CloseBehaviour, again = false): void {
    if (!dial || (again && dial.answer === 'link')) return
    const link = this.#open(dial.address, closes)
    dial.answer ??= 'link'
    if (!dial.alive) return void this.#ask(link)
    this.#stop(dial, 'session', () => this.#adopt(link))
  }

  fail(dial: Dial | undefined): void {
    if (!dial) return
    dial.answer ??= 'failure'
    if (dial.alive) this.#failed(dial, 'DIAL_FAILED')
  }

  #failed(dial: Dial, code: string): void {
    this.#stop(dial, code, (entry) => {
      if (entry.state === 'connecting') this.entries.delete(dial.address)
    })
  }

  inbound({ address, closes }: StepOf<'inbound'>): void {
    if (this.#closed) return
    const link = this.#open(address, closes)
    const entry = this.entries.get(address)
    if (entry?.closing) return void this.#ask(link)
    this.#adopt(link)
    entry?.dial?.callers.settle('session')
  }

  disconnect(address: string, ticket: Ticket): void {
    const entry = this.entries.get(address)
    if (this.#closed) ticket.settle('HUB_CLOSED')
    else if (entry) this.#hangUp(entry).join(ticket)
    else ticket.settle('false')
  }

  reset(ticket: Ticket): void {
    if (this.#closed) return void ticket.settle('HUB_CLOSED')
    const parts = [...this.entries.values()].map((entry) => {
      const part = new Ticket()
      this.#hangUp(entry).join(part)
      return part
    })
    const settle = () => {
      if (parts.every(({ outcome }) => outcome !== 'pending')) ticket.settle('done')
    }
    for (const part of parts) part.onSettled(settle)
    settle()
  }

  #hangUp(entry: Entry): Queue {
    if (entry.closing) {
      for (const { ticket } of entry.closing.dialers) ticket.settle('DIAL_CANCELLED')
      entry.closing.dialers = []
      return entry.closing.askers
    }
    const askers = new Queue()
    const closing: Closing = { deadline: this.now + CLOSE_TIMEOUT, askers, dialers: [] }
    entry.closing = closing
    entry.state = 'disconnecting'
    if (entry.dial) this.#stop(entry.dial, 'DIAL_CANCELLED')
    for (const link of [...entry.links]) {
      if (entry.closing !== closing) break
      this.#ask(link, () => this.#closeFailed(entry, closing, 'CLOSE_FAILED'))
    }
    if (entry.links.length === 0) this.#gone(entry)
    return askers
  }

  close(ticket: Ticket): void {
    this.#closers.join(ticket)
    if (this.#closed) return
    this.#closed = true
    for (const entry of [...this.entries.values()]) {
      const asked = entry.closing !== undefined
      if (entry.dial) this.#stop(entry.dial, 'HUB_CLOSED')
      const links = entry.links.splice(0)
      for (const link of links) this.#leaving.add(link)
      for (const link of asked ? [] : links) this.#ask(link, () => this.#left(link))
      this.#gone(entry)
    }
    this.#end = this.now + CLOSE_TIMEOUT
    this.#left()
  }

  #left(link?: Link): void {
    if (link) this.#leaving.delete(link)
    if (this.#leaving.size === 0 && this.#end < Number.POSITIVE_INFINITY) {
      this.#closers.settle('done')
    }
  }

  /** What time will do. Of two things at once, a dial's end comes first: its timer is the older one. */
  due(calls: readonly Ticket[]): { at: number; run: () => void }[] {
    const dials = this.dials.filter(({ alive }) => alive)
    const closings = [...this.entries.values()].flatMap((entry) =>
      entry.closing ? [{ entry, closing: entry.closing }] : [],
    )
    const impatient = calls.filter(({ until }) => until < Number.POSITIVE_INFINITY)
    return [
      ...dials.map((dial) => ({
        at: dial.deadline,
        run: () => this.#failed(dial, 'DIAL_TIMEOUT'),
      })),
      ...closings.map(({ entry, closing }) => ({
        at: closing.deadline,
        run: () => this.#closeFailed(entry, closing, 'CLOSE_TIMEOUT'),
      })),
      ...impatient.map((call) => ({ at: call.until, run: () => call.leave('WAIT_TIMEOUT') })),
      ...(this.#leaving.size > 0 ? [{ at: this.#end, run: () => this.#leaveAll() }] : []),
    ]
  }

  #leaveAll(): void {
    this.#leaving.clear()
    this.#left()
  }

  #open(address: string, closes: CloseBehaviour): Link {
    const link = { address, closes }
    this.links.push(link)
    return link
  }

  #adopt(link: Link): void {
    const { address } = link
    const entry = this.entries.get(address) ?? { address, state: 'connected', links: [], data: {} }
    entry.state = 'connected'
    entry.links.push(link)
    this.entries.set(address, entry)
  }

  #ask(link: Link, failed = () => {}): void {
    if (link.closes === 'at-once') this.ended(link)
    if (link.closes === 'later') this.soon.push(() => this.ended(link))
    if (link.closes === 'throw') failed()
    if (link.closes === 'reject') this.soon.push(failed)
  }

  ended(link: Link | undefined): void {
    if (!link) return
    this.#left(link)
    const entry = this.entries.get(link.address)
    if (!entry?.links.includes(link)) return
    entry.links.splice(entry.links.indexOf(link), 1)
    if (entry.links.length === 0) this.#gone(entry)
  }

  #stop(dial: Dial, outcome: string, effect: (entry: Entry) => void = () => {}): void {
    dial.alive = false
    const entry = this.entries.get(dial.address)
    if (entry) {
      entry.dial = undefined
      effect(entry)
    }
    dial.callers.settle(outcome)
  }

  #closeFailed(entry: Entry, closing: Closing, code: string): void {
    if (entry.closing !== closing || !this.entries.has(entry.address)) return
    entry.closing = undefined
    entry.state = 'connected'
    closing.askers.settle(code)
    this.#redial(closing)
  }

  #gone(entry: Entry): void {
    if (this.entries.get(entry.address) !== entry) return
    this.entries.delete(entry.address)
    if (entry.dial) this.#stop(entry.dial, 'SESSION_CLOSED')
    entry.closing?.askers.settle('true')
    if (entry.closing) this.#redial(entry.closing)
  }

  #redial({ dialers }: Closing): void {
    this.soon.push(...dialers.map(({ connect }) => connect))
  }
}
