import { type Call, Callers } from './call.js'
import { Dials, give } from './dials.js'
import { Disconnects } from './disconnects.js'
import { End } from './end.js'
import { Links } from './links.js'
import { type Caller, contradicts, type Entry, type Link, pick, type StepOf } from './parts.js'
import { type Ending, Table } from './table.js'

/** The entries, dials and links of a hub, and what calls do to them. */
export class HubModel {
  readonly table = new Table()
  readonly links = new Links(this.table, (link, how) => this.#ended(link, how))
  readonly dials = new Dials(this.table, this.links, (entry) =>
    this.#disconnects.hangUp(entry, 'aborted'),
  )
  readonly #end = new End(this.table, this.links)
  readonly #disconnects = new Disconnects(this.table, this.links, {
    cancelDial: (entry, code) => this.dials.cancel(entry, code),
    cancelWaiting: (address) => this.#cancelWaiting(address, 'DIAL_CANCELLED'),
    resume: (address) => this.#resume(address),
    failed: (link) => this.#end.failed(link, 'CLOSE_FAILED'),
  })
  /** Calls of `connect()` that wait for the end of a disconnect, by address. */
  readonly #waiting = new Map<string, Callers<Caller>>()

  connect(caller: Caller): void {
    const { step } = caller
    const entry = this.table.entries.get(step.address)
    if (this.table.closed) caller.settle('HUB_CLOSED')
    else if (!entry) this.dials.dial(caller, this.#waiting.get(step.address))
    else if (mustWait(entry)) this.#wait(caller)
    else if (entry.state === 'connecting') this.dials.join(entry, caller)
    else {
      const link = usable(entry) as Link
      // Whoever gets no session of this entry leaves nothing in it.
      if (!contradicts(step.key, link.key)) Object.assign(entry.data, step.data)
      give(caller, link)
    }
  }

  inbound(step: StepOf<'inbound'>): void {
    if (this.table.closed) return
    const { address } = step
    const link = this.links.open(address, 'inbound', step)
    const refused = this.table.adopt(link)
    if (refused) return void this.links.refuse(link, refused)
    this.dials.give(this.table.entries.get(address)?.dial, link)
    // Whoever waits, because all others are being closed, has one now.
    this.#resume(address)
  }

  answer(step: StepOf<'answer'>): void {
    const dial = pick(this.dials.all, step.dial)
    if (!dial) return
    this.dials.answer(dial, step)
    this.#resume(dial.address)
  }

  disconnect(address: string, call: Call, reason: string | undefined, link?: Link): void {
    if (this.table.closed) call.settle('HUB_CLOSED')
    else this.#disconnects.disconnect(address, call, reason, link)
  }

  reset(call: Call, reason: string | undefined): void {
    if (this.table.closed) call.settle('HUB_CLOSED')
    else this.#disconnects.reset(call, reason)
  }

  close(call: Call): void {
    this.#end.join(call)
    if (this.table.closed) return
    this.table.closed = true
    for (const address of this.#waiting.keys()) this.#cancelWaiting(address, 'HUB_CLOSED')
    this.#end.begin(this.#disconnects)
  }

  #ended(link: Link, how: Ending): void {
    this.#end.ended(link)
    this.#disconnects.ended(link, how)
  }

  #wait(caller: Caller): void {
    const { address } = caller.step
    const waiting = this.#waiting.get(address) ?? new Callers<Caller>()
    this.#waiting.set(address, waiting)
    waiting.join(caller)
  }

  #cancelWaiting(address: string, code: string): void {
    this.#waiting.get(address)?.drain((caller) => caller.settle(code))
  }

  /** In the order in which they came. */
  #resume(address: string): void {
    for (;;) {
      const entry = this.table.entries.get(address)
      if (entry && mustWait(entry)) return
      const caller = this.#waiting.get(address)?.shift()
      if (!caller) return
      this.connect(caller)
    }
  }
}

/** The first link that nobody is closing. */
const usable = ({ links }: Entry): Link | undefined => links.find(({ single }) => !single)

const mustWait = (entry: Entry): boolean =>
  entry.state === 'disconnecting' || (entry.state === 'connected' && !usable(entry))
