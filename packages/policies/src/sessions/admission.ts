import {
  type Address,
  type DialAttempt,
  type Inbound,
  type Transport,
  withOutcome,
} from '@conn-hub/core'
import type { Explanation } from '../model/policy.js'
import { type Asking, asAnswer, asArrival } from '../parts/asking.js'
import { dialRefused, type PolicyCode } from '../parts/errors.js'
import { dialLater } from '../parts/inner-dial.js'
import { isKnown, isReadable } from '../parts/reading.js'
import type { Refuser } from '../parts/refuser.js'
import type { Full, Leaving, Room, Waiting } from './room.js'

const CODES: Record<Full, PolicyCode> = {
  inbound: 'LIMIT_INBOUND',
  outbound: 'LIMIT_OUTBOUND',
  perKey: 'LIMIT_PER_KEY',
}

const WHY = 'room for one more session'

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

  inbound(inbound: Inbound<S>, accept: (inbound: Inbound<S>) => void): void {
    this.#admit(asArrival(inbound, accept))
  }

  /** It takes its place now, waits for one, or fails. */
  dial(address: Address, attempt: DialAttempt<S>, transport: Transport<S>): undefined {
    const room = this.#room
    const found = room.mayDial ? undefined : room.choose('outbound')
    // To choose is to call foreign code: the room may be there by now.
    const chosen = room.mayDial ? undefined : found
    if (!chosen && !room.mayDial) return this.#refuseDial(address, attempt)
    const own = { place: -1 }
    let isOver = false
    // First, for where the stack is full it must not have a place.
    attempt.ended(() => {
      isOver = true
      room.dialing.delete(own)
    })
    if (isOver) return
    room.dialing.add(own)
    const limited = withOutcome(attempt, {
      succeed: (session) => {
        // What comes late, and what cannot be judged, is the hub's business.
        if (own.place < 0 || !isReadable(session)) attempt.succeed(session)
        else this.#admit(asAnswer(address, attempt, session))
      },
    })
    if (!chosen) return transport.dial(address, limited) as undefined
    const made = room.close(chosen)
    this.#waitingDials.set(address, chosen.address)
    attempt.ended(() => this.#waitingDials.delete(address))
    const release = attempt.hold(WHY)
    made.then((closed) => {
      if (own.place < 0) return
      this.#waitingDials.delete(address)
      if (!closed) return this.#refuseDial(address, attempt)
      release()
      // Whoever heard that it waits no more may have ended it.
      if (own.place >= 0) dialLater(transport, address, limited)
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

  #admit(asking: Asking<S>): void {
    const { address, session, attempt } = asking
    const room = this.#room
    const full = room.fullFor(session, attempt !== undefined)
    // One that the hub has already is the hub's business, too.
    if (!full || isKnown(address, session, room.side)) return void this.#pass(asking)
    const chosen = room.choose(full, session.key)
    // To choose is to call foreign code: the room may be there by now.
    if (!room.fullFor(session, attempt !== undefined)) this.#pass(asking)
    else if (chosen) this.#wait(asking, full, chosen)
    else this.#refuse(asking, full)
  }

  #pass(asking: Asking<S>): void {
    const { passing } = this.#room
    passing.push(asking)
    try {
      asking.goOn()
    } finally {
      passing.pop()
    }
  }

  #wait(asking: Asking<S>, full: Full, chosen: Leaving<S>): void {
    const { session, attempt } = asking
    const { waiting } = this.#room
    const own: Waiting<S> = { ...asking, until: chosen.address }
    waiting.add(own)
    const made = this.#room.close(chosen)
    // The hub says what becomes of a session that has closed, comes late, or cannot be heard.
    const giveUp = () => {
      if (waiting.delete(own)) asking.goOn()
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
      else this.#refuse(asking, full)
    })
  }

  #refuse({ address, session, attempt }: Asking<S>, full: Full): void {
    const why = full === 'perKey' ? 'limit-per-key' : `limit-${full}`
    this.#refuser.session({ address, session, reason: 'limit', why })
    attempt?.fail(dialRefused(CODES[full], this.#say(full)))
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
