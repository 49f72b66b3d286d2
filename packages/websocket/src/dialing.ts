import { type Address, type DialAttempt, HubError } from '@conn-hub/core'
import { type Ended, refusedFor } from './codes.js'
import { runHello } from './hello.js'
import type { Opening } from './life.js'
import type { Identity } from './model/identity.js'
import type { WebSocketLink } from './model/link.js'
import type { LinkSession } from './session.js'

/** One dial: a socket that opens, then the hello, then the hub has the session. */
export class Dialing implements Opening {
  readonly #address: Address
  readonly #attempt: DialAttempt<WebSocketLink>
  readonly #session: LinkSession
  #timer: unknown = undefined
  #isOpen = false
  #isOver = false

  constructor(address: Address, attempt: DialAttempt<WebSocketLink>, session: LinkSession) {
    this.#address = address
    this.#attempt = attempt
    this.#session = session
    session.opening = this
    attempt.ended(() => this.#cancelled())
  }

  opened(): void {
    this.#isOpen = true
    const { identity, protocols, helloTimeout } = this.#session.settings
    if (protocols.length > 0 && !protocols.includes(this.#session.protocol)) {
      const what = `The other side took none of the subprotocols ${protocols.join(', ')}.`
      this.#session.end(1008, 'subprotocol', refusedFor(1008, what))
    } else if (!identity?.dial) this.#succeed()
    else this.#sayHello(identity.dial.bind(identity), helloTimeout)
  }

  /** The link ended before the hub had it. */
  closed({ error }: Ended): void {
    if (this.#isOpen) this.#fail(error ?? new Error('The other side closed the link at once.'))
    else this.#fail(error?.cause ?? new Error('Nobody answered, or the upgrade was refused.'))
  }

  #sayHello(hello: NonNullable<Identity['dial']>, helloTimeout: number): void {
    this.#timer = setTimeout(() => this.#outOfTime(helloTimeout), helloTimeout)
    runHello(this.#session, hello, this.#address).then(
      () => this.#succeed(),
      (error) => this.#fail(error),
    )
  }

  #succeed(): void {
    if (!this.#end()) return
    this.#session.opening = undefined
    this.#attempt.succeed(this.#session)
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

  #cancelled(): void {
    if (this.#end()) this.#session.destroy()
  }

  #end(): boolean {
    if (this.#isOver) return false
    this.#isOver = true
    clearTimeout(this.#timer as number)
    return true
  }
}
