import { FleetError } from '../model/errors.js'
import type { FleetEvents, SignalOptions } from '../model/fleet.js'
import { messageOf, toFleetError } from './failures.js'
import { isFunction, isThenable } from './guards.js'
import { checkNames, checkSignal, expect } from './options.js'
import { Told } from './told.js'

type Listener = (event: never) => unknown

/** Who listens to a fleet, and what was told already. */
export class Listeners {
  readonly #all: Record<keyof FleetEvents, Set<{ readonly listener: Listener; stop(): void }>> = {
    state: new Set(),
    error: new Set(),
  }
  /** By code: so a crowd of one kind silences no other. */
  readonly #told = new Map<string, Told>()

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
    for (const own of [...this.#all[type]]) {
      // One before it may have taken it away.
      if (!this.#all[type].has(own)) continue
      const fail = (error: unknown) => this.#failed(type, error)
      try {
        const given = own.listener(event as never)
        if (isThenable(given)) (given as Promise<unknown>).then(undefined, fail)
      } catch (error) {
        fail(error)
      }
    }
  }

  /** Once for each code and subject, until it is forgotten. */
  tell(given: unknown, subject = ''): void {
    const error = toFleetError(given)
    const told = this.#told.get(error.code) ?? new Told()
    this.#told.set(error.code, told)
    if (!told.isNews(subject)) return
    if (this.#all.error.size === 0) print(error)
    else this.emit('error', error)
  }

  /** It is over: where it comes back, it is told again. */
  forget(...codes: readonly string[]): void {
    for (const code of codes) this.#told.delete(code)
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
