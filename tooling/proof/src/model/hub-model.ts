import type { Answer, CloseBehaviour, Step } from '@conn-hub/testkit'
import { Call, Callers } from './call.js'
import type { Dial, Disconnect, Entry, Link } from './parts.js'

const DIAL_TIMEOUT = 30_000
const CLOSE_TIMEOUT = 5_000

type StepOf<D extends Step['do']> = Extract<Step, { do: D }>

/** The entries, dials and links of a hub, and what calls do to them. Time stands still in here. */
export class HubModel {
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
  readonly #closers = new Callers()
  /** Links that the end of the hub waits for, and how long. */
  readonly #leaving = new Set<Link>()
  #end = Number.POSITIVE_INFINITY

  connect(step: StepOf<'connect'>, call: Call): void {
    const { address, data, timeout } = step
    const entry = this.entries.get(address)
    if (this.#closed) return void call.settle('HUB_CLOSED')
    if (!entry) return void this.#dial(step, call)
    if (entry.disconnect) {
      const connect = () => call.outcome === 'pending' && this.connect(step, call)
      entry.disconnect.connects.push({ call, connect })
      return void call.wait(() => {})
    }
    Object.assign(entry.data, data)
    if (entry.state === 'connected') call.settle('session')
    else entry.dial?.callers.join(call, timeout && this.now + timeout)
  }

  #dial({ address, data, timeout = DIAL_TIMEOUT }: StepOf<'connect'>, call: Call): void {
    if (address === 'fault:me') return void call.settle('DIAL_SELF')
    const nobodyWaits = () => dial.alive && entry.state === 'connecting' && this.#gone(entry)
    const callers = new Callers(nobodyWaits)
    const dial: Dial = { address, deadline: this.now + timeout, callers, alive: true }
    const entry: Entry = { address, state: 'connecting', links: [], data: { ...data }, dial }
    this.entries.set(address, entry)
    this.dials.push(dial)
    callers.join(call)
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
    if (entry?.disconnect) return void this.#ask(link)
    this.#adopt(link)
    entry?.dial?.callers.settle('session')
  }

  disconnect(address: string, call: Call): void {
    const entry = this.entries.get(address)
    if (this.#closed) call.settle('HUB_CLOSED')
    else if (entry) this.#hangUp(entry).join(call)
    else call.settle('false')
  }

  reset(call: Call): void {
    if (this.#closed) return void call.settle('HUB_CLOSED')
    const parts = [...this.entries.values()].map((entry) => {
      const part = new Call()
      this.#hangUp(entry).join(part)
      return part
    })
    const settle = () => {
      if (parts.every(({ outcome }) => outcome !== 'pending')) call.settle('done')
    }
    for (const part of parts) part.onSettled(settle)
    settle()
  }

  #hangUp(entry: Entry): Callers {
    if (entry.disconnect) {
      for (const { call } of entry.disconnect.connects) call.settle('DIAL_CANCELLED')
      entry.disconnect.connects = []
      return entry.disconnect.askers
    }
    const askers = new Callers()
    const disconnect: Disconnect = { deadline: this.now + CLOSE_TIMEOUT, askers, connects: [] }
    entry.disconnect = disconnect
    entry.state = 'disconnecting'
    if (entry.dial) this.#stop(entry.dial, 'DIAL_CANCELLED')
    for (const link of [...entry.links]) {
      if (entry.disconnect !== disconnect) break
      this.#ask(link, () => this.#closeFailed(entry, disconnect, 'CLOSE_FAILED'))
    }
    if (entry.links.length === 0) this.#gone(entry)
    return askers
  }

  close(call: Call): void {
    this.#closers.join(call)
    if (this.#closed) return
    this.#closed = true
    for (const entry of [...this.entries.values()]) {
      const asked = entry.disconnect !== undefined
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
  due(calls: readonly Call[]): { at: number; run: () => void }[] {
    const dials = this.dials.filter(({ alive }) => alive)
    const disconnects = [...this.entries.values()].flatMap((entry) =>
      entry.disconnect ? [{ entry, disconnect: entry.disconnect }] : [],
    )
    const impatient = calls.filter(({ until }) => until < Number.POSITIVE_INFINITY)
    return [
      ...dials.map((dial) => ({
        at: dial.deadline,
        run: () => this.#failed(dial, 'DIAL_TIMEOUT'),
      })),
      ...disconnects.map(({ entry, disconnect }) => ({
        at: disconnect.deadline,
        run: () => this.#closeFailed(entry, disconnect, 'CLOSE_TIMEOUT'),
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

  #closeFailed(entry: Entry, disconnect: Disconnect, code: string): void {
    if (entry.disconnect !== disconnect || !this.entries.has(entry.address)) return
    entry.disconnect = undefined
    entry.state = 'connected'
    disconnect.askers.settle(code)
    this.#redial(disconnect)
  }

  #gone(entry: Entry): void {
    if (this.entries.get(entry.address) !== entry) return
    this.entries.delete(entry.address)
    if (entry.dial) this.#stop(entry.dial, 'SESSION_CLOSED')
    entry.disconnect?.askers.settle('true')
    if (entry.disconnect) this.#redial(entry.disconnect)
  }

  #redial({ connects }: Disconnect): void {
    this.soon.push(...connects.map(({ connect }) => connect))
  }
}
