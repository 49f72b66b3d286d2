import { type Address, type DialAttempt, HubError } from '@conn-hub/core'
import { type Ended, refusedFor } from './codes.js'
import { runHello } from './hello.js'
import type { Opening } from './life.js'
import type { WebSocketLink } from './model/link.js'
import type { LinkSession } from './session.js'

/** One dial: a socket that opens, then the hello, then the hub has the session. It is over when it is no more the session's `opening`. */
export class Dialing implements Opening {
  readonly #address: Address
  readonly #attempt: DialAttempt<WebSocketLink>
  readonly #session: LinkSession
  #timer: unknown
  #isOpen = false

  constructor(address: Address, attempt: DialAttempt<WebSocketLink>, session: LinkSession) {
    this.#address = address
    this.#attempt = attempt
    this.#session = session
    session.opening = this
    attempt.ended(() => this.#end() && session.destroy())
  }

  opened(): void {
    this.#isOpen = true
    const session = this.#session
    const { identity, protocols, helloTimeout } = session.settings
    if (protocols.length > 0 && !protocols.includes(session.protocol)) {
      const what = `The other side took none of the subprotocols ${protocols.join(', ')}.`
      session.end(1008, 'subprotocol', refusedFor(1008, what))
    } else if (identity?.dial) {
      this.#timer = setTimeout(() => this.#outOfTime(helloTimeout), helloTimeout)
      runHello(session, identity.dial.bind(identity), this.#address).then(
        () => this.#succeed(),
        (error) => this.#fail(error),
      )
    } else this.#succeed()
  }

  /** The link ended before the hub had it. */
  closed({ error }: Ended): void {
    const why = this.#isOpen ? error : error?.cause
    const words = this.#isOpen
      ? 'The other side closed the link at once.'
      : 'Nobody answered, or the upgrade was refused.'
    this.#fail(why ?? new Error(words))
  }

  #succeed(): void {
    if (this.#end()) this.#attempt.succeed(this.#session)
  }

  #fail(error: unknown): void {
    if (this.#end()) this.#attempt.fail(error)
  }

  #outOfTime(ms: number): void {
    const what = `The other side has not finished its hello within ${ms} ms.`
    const error = new HubError('HELLO_TIMEOUT', what)
    this.#session.end(1008, 'hello-timeout', { error, reason: 'refused' })
    this.#fail(error)
  }

  #end(): boolean {
    clearTimeout(this.#timer as number)
    const isRunning = this.#session.opening === this
    if (isRunning) this.#session.opening = undefined
    return isRunning
  }
}
