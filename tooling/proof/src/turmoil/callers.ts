import type { MemoryLink } from '@conn-hub/conformance'
import type { Hub } from '@conn-hub/core'
import type { Random } from '@conn-hub/simulation'
import { throwLater } from './listeners.js'

/** The deadlines of the hubs, in ms. */
export const DEADLINES = { dialTimeout: 10_000, closeTimeout: 3_000, holdTimeout: 20_000 }

/** Why this app disconnects. */
export const REASONS = { all: 'by chance', one: 'this one' }

/** In ms: a close, all holds, a dial, and a little more. */
const LONGEST_CONNECT = 40_000
/** In ms: of one session, then of all. */
const LONGEST_DISCONNECT = 7_000

/** What one peer does by chance with its hub; what it calls must settle in time. */
export class Callers {
  readonly #hub: Hub<MemoryLink>
  readonly #random: Random
  readonly #addresses: readonly string[]

  /** The connects that wait, by address. */
  readonly #connecting = new Map<string, number>()

  constructor(hub: Hub<MemoryLink>, random: Random, addresses: readonly string[]) {
    this.#hub = hub
    hub.on('connected', ({ address, direction }) => {
      if (direction === 'inbound' || this.#connecting.get(address)) return
      throwLater(`${address} was dialed, and nobody waits for it any more`)
    })
    this.#random = random
    this.#addresses = addresses
  }

  /** One call, or none. */
  act(address = this.#random.pick(this.#addresses)): void {
    if (this.#hub.closed) return
    const chance = this.#random()
    if (chance < 0.55) this.#connect(address)
    else if (chance < 0.8) this.#disconnect(address)
    else if (chance < 0.9) this.#disconnectOne(address)
    else if (chance < 0.97) this.#update(address)
    else if (chance < 0.98) this.#follow('reset()', this.#hub.reset('enough'), LONGEST_DISCONNECT)
  }

  #connect(address: string): void {
    const random = this.#random
    const options = {
      ...(random.chance(0.3) && { timeout: random.int(1, 5_000) }),
      ...(random.chance(0.2) && { signal: AbortSignal.timeout(random.int(1, 5_000)) }),
      ...(random.chance(0.1) && { key: 'somebody' }),
      ...(random.chance(0.3) && { data: { tried: random.int(1, 9) } }),
    }
    const call = this.#hub.connect(address, options).then((link) => {
      if ('key' in options) throw new Error('connect() gave a link to somebody else')
      if (random.chance(0.3)) link.send('hello')
    })
    this.#count(address, 1)
    const settled = () => this.#count(address, -1)
    call.then(settled, settled)
    this.#follow('connect()', call, LONGEST_CONNECT)
  }

  #count(address: string, more: number): void {
    this.#connecting.set(address, (this.#connecting.get(address) ?? 0) + more)
  }

  #disconnect(address: string): void {
    const call = this.#hub.disconnect(address, { reason: REASONS.all })
    this.#follow('disconnect()', call, LONGEST_DISCONNECT)
  }

  #disconnectOne(address: string): void {
    const session = this.#hub.get(address)?.sessions.at(-1)
    if (!session) return
    const call = this.#hub.disconnect(address, { session, reason: REASONS.one })
    this.#follow('disconnect() of a session', call, LONGEST_DISCONNECT)
  }

  #update(address: string): void {
    const seen = this.#random.int(1, 1_000)
    const had = this.#hub.get(address) !== undefined
    const has = this.#hub.update(address, { seen })
    if (has !== had)
      throw new Error(`update() gave ${has} where there was ${had ? 'an' : 'no'} entry`)
  }

  #follow(what: string, call: Promise<unknown>, limit: number): void {
    // Each second counts that the process is awake: one that sleeps can settle nothing.
    let seconds = 0
    const look = setInterval(() => {
      seconds++
      if (seconds > limit / 1_000) throw new Error(`${what} has not settled within ${limit} ms`)
    }, 1_000)
    const settled = () => clearInterval(look)
    call.then(settled, (error) => {
      settled()
      // Nobody waits for what is thrown here: the world hears of it.
      if (!CODES.has(error?.code)) throw error
    })
  }
}

/** How a call may end here. */
const CODES = new Set([
  'ABORTED',
  'WAIT_TIMEOUT',
  'DIAL_FAILED',
  'DIAL_TIMEOUT',
  'DIAL_CANCELLED',
  'WRONG_PEER',
  'SESSION_CLOSED',
  'CLOSE_FAILED',
  'CLOSE_TIMEOUT',
  'HUB_CLOSED',
])
