import { type HubSide, isHubError } from '@conn-hub/core'
import { runHello } from '../hello.js'
import type { Identity } from '../model/identity.js'
import type { WebSocketLink } from '../model/link.js'
import type { WsSession } from './ws-session.js'

/** What hellos are given; a server has the same for all. */
export interface HelloOptions {
  readonly accept: NonNullable<Identity['accept']>
  readonly timeout: number
  /** How many may run at once. */
  readonly most: number
  readonly side: HubSide<WebSocketLink>
  /** Takes a link whose hello is done. */
  readonly hand: (session: WsSession) => void
}

/** The hellos that run for one hub. `acceptor()` of core does the same for any transport, with an `AbortController` for each: too dear here. */
export class Hellos {
  readonly #options: HelloOptions
  readonly #running = new Map<WsSession, NodeJS.Timeout>()
  #isOver = false

  constructor(options: HelloOptions) {
    this.#options = options
  }

  take(session: WsSession): void {
    const { most, timeout, accept } = this.#options
    if (this.#running.size >= most) {
      this.#refuse(session, 'full', 1013)
      return
    }
    this.#running.set(session, setTimeout(outOfTime, timeout, this, session).unref())
    runHello(session, accept).then(
      () => this.#done(session),
      // It has told its code.
      (error) => this.#end(session) && this.#tell(whyOf(error)),
    )
  }

  /** Not private: the timer takes no closure. */
  outOfTime(session: WsSession): void {
    if (this.#end(session)) this.#refuse(session, 'timeout', 1008, 'hello-timeout')
  }

  /** The hub listens no more. */
  stop(): void {
    this.#isOver = true
    for (const session of [...this.#running.keys()]) {
      this.#end(session)
      this.#refuse(session, 'not-listening', 1013)
    }
  }

  #done(session: WsSession): void {
    if (this.#end(session) && !this.#isOver) this.#options.hand(session)
  }

  #end(session: WsSession): boolean {
    clearTimeout(this.#running.get(session))
    return this.#running.delete(session)
  }

  #refuse(session: WsSession, why: string, code: number, text = why): void {
    this.#tell(why)
    session.end(code, text)
  }

  #tell(why: string): void {
    this.#options.side.refused({ by: 'websocket', why, direction: 'inbound' })
  }
}

const outOfTime = (hellos: Hellos, session: WsSession): void => hellos.outOfTime(session)

const REFUSALS = ['UNAUTHORIZED', 'FORBIDDEN', 'TRY_LATER', 'REFUSED']

/** What an identity throws to refuse a link has a name; anything else failed. */
const whyOf = (error: unknown): string =>
  isHubError(error) && REFUSALS.includes(error.code)
    ? error.code.toLowerCase().replace('_', '-')
    : 'failed'
