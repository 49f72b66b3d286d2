import type { Signal } from '../edges/signal.js'
import type { Listenable } from '../model/hub.js'

/** A reader's own pace: the hub waits for nobody, and what waits for the reader is bounded. */
export interface View<T> {
  /** Begins to look. On a closed hub the view has ended. */
  start(notify: Notify<T>): void
  /** The next item; `undefined` where there is none now. */
  take(): T | undefined
  /** Whether nothing will come any more. */
  readonly ended: boolean
  /** The end, at once: what waits is dropped. */
  stop(): void
}

/**
 * Called whenever there may be something to take, and at the end. An item that nothing waits before is passed: whoever
 * wants it at once returns `true`, and whoever does not is called again, without it, when it can be taken.
 */
export type Notify<T> = (item?: T) => unknown

/** What a view looks at: begins when it is called. */
export type Subject<T> = (notify: Notify<T>) => { take(): T | undefined; stop(): void }

/** A view of something that a hub tells. It ends with the hub, after what still waits, and with its signal. */
export class LiveView<T> implements View<T> {
  readonly #hub: Listenable<unknown, never>
  readonly #subject: Subject<T>
  readonly #signal: Signal | undefined
  #state: 'new' | 'open' | 'closing' | 'ended' = 'new'
  #take: () => T | undefined = () => undefined
  #release = () => {}

  constructor(hub: Listenable<unknown, never>, subject: Subject<T>, signal: Signal | undefined) {
    this.#hub = hub
    this.#subject = subject
    this.#signal = signal
  }

  get ended(): boolean {
    return this.#state === 'ended'
  }

  start(notify: Notify<T>): void {
    if (this.#state !== 'new') return
    const signal = this.#signal
    if (this.#hub.closed || signal?.aborted) return void this.stop()
    this.#state = 'open'
    // Other listeners of the signal come first, and what they do is not for us any more.
    const { take, stop } = this.#subject(
      signal ? (item) => notify(signal.aborted ? undefined : item) : notify,
    )
    this.#take = take
    const onAbort = () => {
      this.stop()
      notify()
    }
    const stopClose = this.#hub.on('close', () => {
      this.#state = 'closing'
      // Its reader alone keeps the view from here on, and each `take()` looks at the signal.
      signal?.removeEventListener('abort', onAbort)
      notify()
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
