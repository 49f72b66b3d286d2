import type { Address, DialAttempt, Direction, Inbound, Session, Transport } from '@conn-hub/core'

/** How a session of the fault transport behaves when it is asked to close. */
export type CloseBehaviour = 'at-once' | 'later' | 'throw' | 'reject' | 'refuse'

/** How it behaves when it is destroyed; `none`: it has no `destroy`. */
export type DestroyBehaviour = 'none' | 'at-once' | 'throw' | 'nothing'

/** A session that does as the test says. */
export class FaultSession implements Session<FaultSession> {
  readonly handle = this
  readonly direction: Direction
  readonly key: string | undefined
  onClose: CloseBehaviour = 'at-once'
  onDestroy: DestroyBehaviour = 'none'
  /** How often the hub asked it to close. */
  closeCalls = 0
  /** With which reasons, in their order. */
  readonly reasons: (string | undefined)[] = []
  destroyCalls = 0
  isOpen = true
  readonly #listeners: OnClosed[] = []
  #told: Parameters<OnClosed> = []

  constructor(direction: Direction, key?: string) {
    this.direction = direction
    this.key = key
  }

  close(reason?: string): void | Promise<void> {
    this.closeCalls++
    this.reasons.push(reason)
    switch (this.onClose) {
      case 'at-once':
        return this.end()
      case 'later':
        return Promise.resolve().then(() => this.end())
      case 'throw':
        throw new Error('close() threw')
      case 'reject':
        return Promise.reject(new Error('close() rejected'))
      case 'refuse':
        return
    }
  }

  get destroy(): (() => void) | undefined {
    return this.onDestroy === 'none' ? undefined : () => this.#destroy()
  }

  onClosed(listener: OnClosed): void {
    if (this.isOpen) this.#listeners.push(listener)
    else listener(...this.#told)
  }

  /** The link closes, as if the other side or the network had done it. Tells it as often as it is called. */
  end(error?: unknown, reason?: string): void {
    this.isOpen = false
    this.#told = [error, reason]
    for (const listener of this.#listeners) listener(error, reason)
  }

  #destroy(): void {
    this.destroyCalls++
    if (this.onDestroy === 'throw') throw new Error('destroy() threw')
    if (this.onDestroy === 'at-once') this.end()
  }
}

type OnClosed = (error?: unknown, reason?: string) => void

/** A dial that waits for the test to settle it: late, twice, or never. */
export interface FaultDial extends Pick<DialAttempt<FaultSession>, 'hold' | 'ended'> {
  readonly address: Address
  readonly attempt: DialAttempt<FaultSession>
  /** Opens a session, and hands it over. It proves the key of its address, or the one given. */
  succeed(session?: FaultSession | Proof): FaultSession
  fail(error?: unknown): void
}

/** Which key a session proves, if any. */
export interface Proof {
  readonly key: string | undefined
}

export interface FaultTransport extends Transport<FaultSession> {
  readonly dials: FaultDial[]
  readonly sessions: FaultSession[]
  /** The dial that was made last. */
  readonly lastDial: FaultDial
  /** Whether a hub takes in what others open. */
  readonly listening: boolean
  /** Another peer opens a session with us. */
  inbound(address: Address, session?: FaultSession | Proof): FaultSession
  /** Hands anything at all to the hub. */
  acceptAnything(inbound: unknown): void
  /** Runs at the beginning of each dial; what it throws, the dial throws. */
  onDial: ((dial: FaultDial) => void) | undefined
}

export interface FaultOptions {
  readonly self?: string | undefined
  /** The key of an address, which sessions there prove. Default: its name. */
  readonly keyOf?: ((address: Address) => string | undefined) | undefined
}

/** A transport without a network, for the faults that no network produces on demand. Addresses: `fault:NAME`; the key is `NAME`, or nothing for `fault:anonymous…`. */
export const createFaultTransport = ({
  self,
  keyOf = nameOf,
}: FaultOptions = {}): FaultTransport => {
  let accept: ((inbound: Inbound<FaultSession>) => void) | undefined
  const dials: FaultDial[] = []
  const sessions: FaultSession[] = []
  const open = (
    direction: Direction,
    address: Address,
    given: FaultSession | Proof = { key: keyOf(address) },
  ): FaultSession => {
    const session = given instanceof FaultSession ? given : new FaultSession(direction, given.key)
    sessions.push(session)
    return session
  }

  return {
    self,
    dials,
    sessions,
    onDial: undefined,
    get listening() {
      return accept !== undefined
    },
    get lastDial() {
      const dial = dials.at(-1)
      if (!dial) throw new Error('nothing was dialed')
      return dial
    },
    describe: (address) => {
      if (!address.startsWith('fault:')) throw new Error('an address looks like fault:NAME')
      return { key: keyOf(address), kind: 'fault' }
    },
    dial(address, attempt) {
      const dial: FaultDial = {
        address,
        attempt,
        hold: (why) => attempt.hold(why),
        ended: (listener) => attempt.ended(listener),
        succeed: (given) => {
          const session = open('outbound', address, given)
          attempt.succeed(session)
          return session
        },
        fail: (error = new Error('the dial failed')) => attempt.fail(error),
      }
      dials.push(dial)
      this.onDial?.(dial)
    },
    listen: (acceptor) => {
      accept = acceptor
      return () => {
        accept = undefined
      }
    },
    inbound: (address, given) => {
      const session = open('inbound', address, given)
      accept?.({ address, session })
      return session
    },
    acceptAnything: (inbound) => accept?.(inbound as Inbound<FaultSession>),
  }
}

const nameOf = (address: Address): string | undefined => {
  const name = address.slice('fault:'.length)
  return name.startsWith('anonymous') ? undefined : name
}
