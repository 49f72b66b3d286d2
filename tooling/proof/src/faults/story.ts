import type { Address, Change, ConnectionEvent, Hub, State } from '@conn-hub/core'

/** What may follow what, for one entry. */
const TABLE: Record<State | 'none', Partial<Record<string, State | 'none'>>> = {
  none: { connecting: 'connecting', connected: 'connected' },
  connecting: {
    connected: 'connected',
    'connecting-failed': 'none',
    disconnecting: 'disconnecting',
  },
  connected: { disconnecting: 'disconnecting', disconnected: 'none' },
  disconnecting: { 'disconnecting-failed': 'connected', disconnected: 'none' },
}

/** The events of one hub, held against the table of states as they come. */
export class Story {
  /** As short lines: `connected net:…`. */
  readonly lines: string[] = []
  /** What the events say that the entries are. */
  readonly states = new Map<Address, State>()
  readonly breaks: string[] = []
  /** Entries that left, less events that told of it: 0 for each address when all is well. */
  readonly #untold = new Map<Address, number>()
  #seq = 0

  constructor(hub: Hub<unknown>) {
    hub.on('*', (event) => this.#hear(event))
    hub.on('change', (change) => this.#see(change))
  }

  /** The addresses whose entries did not leave with exactly one event each. */
  get unpaired(): Address[] {
    return [...this.#untold].filter(([, count]) => count !== 0).map(([address]) => address)
  }

  #hear({ seq, type, address }: ConnectionEvent<unknown>): void {
    const line = `${type} ${address}`
    this.lines.push(line)
    if (seq !== ++this.#seq) this.breaks.push(`${line} is event ${seq} instead of ${this.#seq}`)
    const before = this.states.get(address) ?? 'none'
    const after = TABLE[before][type]
    if (!after) this.breaks.push(`${line} came while it was ${before}`)
    if (after && after !== 'none') return void this.states.set(address, after)
    this.states.delete(address)
    this.#count(address, -1)
  }

  #see({ before, after }: Change<unknown>): void {
    if (before && !after) this.#count(before.address, 1)
  }

  #count(address: Address, step: number): void {
    this.#untold.set(address, (this.#untold.get(address) ?? 0) + step)
  }
}
