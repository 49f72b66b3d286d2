import type { Listenable } from './listenable.js'
import type { Signal } from './signal.js'

/** A reader's own pace: the hub waits for nobody, and what waits for the reader is bounded. */
export interface View<T> {
  /** Begins to look. */
  start(wake: Wake<T>): void
  /** The next item; `undefined` where there is none now. */
  take(): T | undefined
  /** Whether nothing will come any more. */
  readonly ended: boolean
  /** The end, at once. */
  stop(): void
}

/**
 * Called whenever there may be something to take, and at the end. An event that none waits before is offered first: who
 * wants it at once returns `true`, and whoever does not is called again, without it, when it can be taken.
 */
export type Wake<T> = (offered?: T) => unknown

/** Begins to look at something of the hub. */
export type Look<T> = (wake: Wake<T>) => { take(): T | undefined; stop(): void }

export class LiveView<T> implements View<T> {
  readonly #hub: Listenable<unknown>
  readonly #look: Look<T>
  readonly #signal: Signal | undefined
  #state: 'new' | 'open' | 'closing' | 'ended' = 'new'
  #take: () => T | undefined = () => undefined
  #release = () => {}

  constructor(hub: Listenable<unknown>, look: Look<T>, signal: Signal | undefined) {
    this.#hub = hub
    this.#look = look
    this.#signal = signal
  }

  get ended(): boolean {
    return this.#state === 'ended'
  }

  start(wake: Wake<T>): void {
    if (this.#state !== 'new') return
    const signal = this.#signal
    if (this.#hub.closed || signal?.aborted) return void this.stop()
    this.#state = 'open'
    // Other listeners of the signal come first, and what they do is not for us any more.
    const { take, stop } = this.#look(
      signal ? (item) => wake(signal.aborted ? undefined : item) : wake,
    )
    this.#take = take
    const onAbort = () => {
      this.stop()
      wake()
    }
    const stopClose = this.#hub.on('close', () => {
      this.#state = 'closing'
      // Its reader alone keeps the view from here on, and each `take()` looks at the signal.
      signal?.removeEventListener('abort', onAbort)
      wake()
    })
    this.#release = () => {
      stop()
      stopClose()
      signal?.removeEventListener('abort', onAbort)
    }
    // Last: it may abort while it is listened to.
    signal?.addEventListener('abort', onAbort)
  }

  take(): T | undefined {
    if (this.#signal?.aborted) this.stop()
    const item = this.#take()
    if (item === undefined && this.#state === 'closing') this.stop()
    return item
  }

  stop(): void {
    this.#state = 'ended'
    this.#take = () => undefined
    this.#release()
    this.#release = () => {}
  }
}
