import {
  type Address,
  type DialAttempt,
  type Inbound,
  type Session,
  type Transport,
  withOutcome,
} from '@conn-hub/core'
import type { Explanation } from '../model/policy.js'
import { dialRefused, type PolicyCode } from '../parts/errors.js'
import { dialLater } from '../parts/inner-dial.js'
import { isKnown, isReadable } from '../parts/reading.js'
import type { Refuser } from '../parts/refuser.js'
import type { Coming, Full, Room, Waiting } from './room.js'

const CODES: Record<Full, PolicyCode> = {
  inbound: 'LIMIT_INBOUND',
  outbound: 'LIMIT_OUTBOUND',
  perKey: 'LIMIT_PER_KEY',
}

const WHY = 'room for one more session'

/** A session that asks to be let in. */
interface Asking<S> {
  readonly address: Address
  readonly session: Session<S>
  /** The dial that it answers. */
  readonly attempt: DialAttempt<S> | undefined
  pass(): void
  refuse(full: Full): void
}

/** Lets sessions and dials in while there is room for them. */
export class Admission<S> {
  readonly #room: Room<S>
  readonly #refuser: Refuser<S>
  /** Dials that wait until a session has closed, and which one that is. */
  readonly #waitingDials = new Map<Address, Address>()

  constructor(room: Room<S>, refuser: Refuser<S>) {
    this.#room = room
    this.#refuser = refuser
  }

  inbound({ address, session }: Inbound<S>, pass: () => void): void {
    const refuse = (full: Full) => this.#refuse(address, session, full)
    this.#admit({ address, session, attempt: undefined, pass, refuse })
  }

  /** It takes its place now, waits for one, or fails. */
  dial(address: Address, attempt: DialAttempt<S>, transport: Transport<S>): undefined {
    const room = this.#room
    const made = room.mayDial ? undefined : room.make('outbound')
    // The room may be there by now: to make it is to call foreign code.
    if (!made && !room.mayDial) return this.#refuseDial(address, attempt)
    room.dialing.add(attempt)
    attempt.ended(() => room.dialing.delete(attempt))
    if (!room.dialing.has(attempt)) return
    const limited = withOutcome(attempt, {
      succeed: (session) => this.#answered(address, attempt, session),
    })
    if (!made) return transport.dial(address, limited) as undefined
    this.#waitingDials.set(address, made.address)
    attempt.ended(() => this.#waitingDials.delete(address))
    const release = attempt.hold(WHY)
    made.made.then((closed) => {
      this.#waitingDials.delete(address)
      if (!room.dialing.has(attempt)) return
      if (!closed) return this.#refuseDial(address, attempt)
      release()
      // Whoever heard that it waits no more may have ended it.
      if (room.dialing.has(attempt)) dialLater(transport, address, limited)
    })
  }

  explain(address: Address): Explanation[] {
    const by = 'limitSessions'
    const other = this.#waitingDials.get(address)
    const said = other === undefined ? [] : [{ by, text: `waits until ${other} has closed` }]
    for (const waiting of this.#room.waiting) {
      if (waiting.address !== address) continue
      said.push({ by, text: `a session waits until ${waiting.until} has closed` })
    }
    return said
  }

  #answered(address: Address, attempt: DialAttempt<S>, session: Session<S>): void {
    const pass = () => attempt.succeed(session)
    // What cannot be judged, and what comes late, is the hub's business.
    const { dialing, side } = this.#room
    const isLate = !dialing.has(attempt)
    if (isLate || !isReadable(session) || isKnown(address, session, side)) return void pass()
    const refuse = (full: Full) => {
      this.#refuse(address, session, full)
      attempt.fail(dialRefused(CODES[full], this.#say(full)))
    }
    this.#admit({ address, session, attempt, pass, refuse })
  }

  #admit(asking: Asking<S>): void {
    const { session, attempt } = asking
    const full = this.#room.fullFor(session, attempt !== undefined)
    if (!full) return void this.#pass(asking)
    const made = this.#room.make(full, session.key)
    if (made) this.#wait(asking, full, made)
    else if (this.#room.fullFor(session, attempt !== undefined)) asking.refuse(full)
    else this.#pass(asking)
  }

  #pass(asking: Asking<S>): void {
    const { passing } = this.#room
    const own = toComing(asking)
    passing.add(own)
    try {
      asking.pass()
    } finally {
      passing.delete(own)
    }
  }

  #wait(
    asking: Asking<S>,
    full: Full,
    { address: until, made }: { readonly address: Address; readonly made: Promise<boolean> },
  ): void {
    const { session, attempt } = asking
    const { waiting } = this.#room
    const own: Waiting<S> = { ...toComing(asking), until }
    waiting.add(own)
    // The hub says what becomes of a session that has closed, comes late, or cannot be heard.
    const giveUp = () => {
      if (waiting.delete(own)) asking.pass()
    }
    try {
      session.onClosed(giveUp)
    } catch {
      return void giveUp()
    }
    attempt?.ended(giveUp)
    const release = attempt?.hold(WHY)
    made.then((closed) => {
      if (!waiting.delete(own)) return
      release?.()
      if (closed) this.#admit(asking)
      else asking.refuse(full)
    })
  }

  #refuse(address: Address, session: Session<S>, full: Full): void {
    const why = full === 'perKey' ? 'limit-per-key' : `limit-${full}`
    this.#refuser.session({ address, session, reason: 'limit', why })
  }

  #refuseDial(address: Address, attempt: DialAttempt<S>): undefined {
    this.#refuser.dial(address, 'limit-outbound')
    attempt.fail(dialRefused('LIMIT_OUTBOUND', this.#say('outbound')))
  }

  #say(full: Full): string {
    const what = full === 'perKey' ? 'sessions with this peer' : `${full} sessions`
    return `there may be ${this.#room.limits[full]} ${what}, and so many there are. Disconnect one, or raise "${full}".`
  }
}

/** A session of ours has the place of the dial that it answers. */
const toComing = <S>({ address, session, attempt }: Asking<S>): Coming<S> => ({
  address,
  session,
  takes: attempt && session.direction === 'outbound' ? undefined : session.direction,
})
