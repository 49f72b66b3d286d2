import type { ConnectRequest } from '../edges/options.js'
import type { Signal } from '../edges/signal.js'
import type { Address, Session } from '../model/connection.js'
import { Caller } from './callers.js'
import { ConnectCaller } from './connect-caller.js'
import { Connects } from './connects.js'
import { Dials } from './dials.js'
import { Disconnects } from './disconnects.js'
import { End } from './end.js'
import { cancelled } from './errors.js'
import type { Parts } from './parts.js'
import { Sessions } from './sessions.js'
import { WaitingConnects } from './waiting-connects.js'

/** Joins what decides: connects know disconnects, which know the dials and the waiting calls; nobody knows connects but here. */
export class Calls<S> {
  readonly #parts: Parts<S>
  readonly #waiting = new WaitingConnects<S>()
  readonly #sessions: Sessions<S>
  readonly #disconnects: Disconnects<S>
  readonly #connects: Connects<S>

  constructor(parts: Parts<S>) {
    const dials = new Dials<S>()
    const waiting = this.#waiting
    const sessions = new Sessions(parts, (address, session, error, reason) =>
      this.#disconnects.closed(address, session, error, reason),
    )
    const resume = (address: Address) => this.#connects.resume(address)
    const disconnects = new Disconnects(parts, sessions, { dials, waiting, resume })
    this.#parts = parts
    this.#sessions = sessions
    this.#disconnects = disconnects
    this.#connects = new Connects(parts, { dials, waiting, sessions, disconnects })
  }

  connect(address: Address, request: ConnectRequest): Promise<S> {
    const caller = new ConnectCaller<S>(request)
    return caller.settled ? caller.promise : this.#connects.connect(address, caller)
  }

  disconnect(
    address: Address,
    reason: string,
    signal?: Signal,
    session?: Session<S>,
  ): Promise<boolean> {
    const caller = new Caller<boolean>(signal)
    if (caller.settled) return caller.promise
    return this.#disconnects.disconnect(address, reason, caller, session)
  }

  async reset(reason: string): Promise<void> {
    this.#waiting.cancelAll(cancelled)
    const all = this.#parts.ledger.snapshot().map(({ address }) => this.disconnect(address, reason))
    await Promise.allSettled(all)
  }

  readonly accept = (inbound: unknown): void => this.#connects.accept(inbound)

  /** Whatever comes from now on is refused. */
  stop(): void {
    this.#connects.stop()
  }

  /** After `stop()`. Resolves once the sessions have closed, or are out of time. */
  end(): Promise<void> {
    const end = new End(this.#parts, this.#sessions, (session, error) =>
      this.#disconnects.over(session, error),
    )
    this.#disconnects.end(end)
    return end.over()
  }
}
