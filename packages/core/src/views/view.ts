import type { Signal } from '../edges/signal.js'
import type { HubEvents } from '../model/events.js'
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
export type Subject<T> = (notify: Notify<T>) => {
  /** What of the hub it hears. */
  readonly types: readonly (keyof HubEvents<unknown>)[]
  readonly hear: (event: never) => void
  readonly take: () => T | undefined
}

/** A view of something that a hub tells. It ends with the hub, after what still waits, and with its signal. Its functions need no `this`. */
export const liveView = <T>(
  hub: Listenable<unknown, never>,
  subject: Subject<T>,
  signal: Signal | undefined,
): View<T> => {
  let state: 'new' | 'open' | 'closed' | 'ended' = 'new'
  let takeNext: (() => T | undefined) | undefined
  const ends: (() => void)[] = []

  const stop = (): void => {
    state = 'ended'
    takeNext = undefined
    for (const end of ends.splice(0)) end()
  }

  const take = (): T | undefined => {
    if (signal?.aborted) stop()
    const item = takeNext?.()
    if (item === undefined && state === 'closed') stop()
    return item
  }

  const start = (notify: Notify<T>): void => {
    if (state !== 'new') return
    // The signal first: it is foreign code.
    if (signal?.aborted || hub.closed) return void stop()
    state = 'open'
    // Other listeners of the signal come first, and what they do is not for us any more.
    const looking = subject((item) => notify(signal?.aborted ? undefined : item))
    takeNext = looking.take
    const onAbort = () => {
      stop()
      notify()
    }
    const stopSignal = () => signal?.removeEventListener('abort', onAbort)
    // It hears what its own types tell; the compiler cannot follow that.
    const hear = looking.hear as (event: unknown) => void
    for (const type of looking.types) ends.push(hub.on(type, hear))
    const onClose = () => {
      state = 'closed'
      // Its reader alone keeps the view from here on, and each `take()` looks at the signal.
      stopSignal()
      notify()
    }
    ends.push(hub.on('close', onClose), stopSignal)
    // Last: it may abort while it is listened to.
    signal?.addEventListener('abort', onAbort)
  }

  return Object.freeze({
    start,
    take,
    stop,
    get ended() {
      return state === 'ended'
    },
  })
}
