import { FleetError } from '../model/errors.js'
import type { FleetEvents, SignalOptions } from '../model/fleet.js'
import { messageOf } from './failures.js'
import { isFunction, isThenable } from './guards.js'
import { checkNames, checkSignal, expect } from './options.js'

type Listener = (event: never) => unknown

/** So many different things are told; more are the same trouble again. */
const MAX_TOLD = 1_000

/** Who listens to a fleet, and what was told already. */
export class Listeners {
  readonly #all: Record<keyof FleetEvents, Set<{ readonly listener: Listener; stop(): void }>> = {
    state: new Set(),
    error: new Set(),
  }
  readonly #told = new Set<string>()

  on<T extends keyof FleetEvents>(
    type: T,
    listener: (event: FleetEvents[T]) => unknown,
    options: SignalOptions = {},
  ): () => void {
    expect(Object.hasOwn(this.#all, type), 'state or error', 'type')
    expect(isFunction(listener), 'a function', 'listener')
    checkNames(options, ['signal'])
    checkSignal(options.signal)
    const { signal } = options
    if (signal?.aborted) return () => {}
    const stop = () => {
      this.#all[type].delete(own)
      signal?.removeEventListener('abort', stop)
    }
    const own = { listener, stop }
    this.#all[type].add(own)
    signal?.addEventListener('abort', stop)
    return stop
  }

  emit<T extends keyof FleetEvents>(type: T, event: FleetEvents[T]): void {
    for (const { listener } of [...this.#all[type]]) {
      const fail = (error: unknown) => this.#failed(type, error)
      try {
        const given = listener(event as never)
        if (isThenable(given)) (given as Promise<unknown>).then(undefined, fail)
      } catch (error) {
        fail(error)
      }
    }
  }

  /** Once for each code and subject, until it is forgotten. */
  tell(error: FleetError, subject = ''): void {
    const id = `${error.code} ${subject}`
    if (this.#told.has(id) || this.#told.size >= MAX_TOLD) return
    this.#told.add(id)
    if (this.#all.error.size === 0) print(error)
    else this.emit('error', error)
  }

  /** It is over: where it comes back, it is told again. */
  forget(...codes: readonly string[]): void {
    for (const id of this.#told) {
      if (codes.some((code) => id.startsWith(`${code} `))) this.#told.delete(id)
    }
  }

  clear(): void {
    for (const set of Object.values(this.#all)) for (const { stop } of set) stop()
  }

  #failed(type: keyof FleetEvents, cause: unknown): void {
    const what = `A listener of "${type}" failed: ${messageOf(cause)}`
    const error = new FleetError('LISTENER_FAILED', what, { cause })
    // A listener of errors that fails would hear of itself.
    if (type === 'error') print(error)
    else this.tell(error)
  }
}

const print = (error: unknown): void => {
  try {
    console.error(error)
  } catch {
    // There is nobody left to tell.
  }
}
