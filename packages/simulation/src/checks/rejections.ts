type Listener<E> = (event: E) => void

/** Node has the one, browsers the others. */
interface Global {
  readonly process?: {
    on?(type: 'unhandledRejection', listener: Listener<unknown>): void
    off?(type: 'unhandledRejection', listener: Listener<unknown>): void
  }
  addEventListener?(type: 'unhandledrejection', listener: Listener<{ reason: unknown }>): void
  removeEventListener?(type: 'unhandledrejection', listener: Listener<{ reason: unknown }>): void
}

/** Hears of promises that were rejected and that nobody waited for, until what it gives is called. */
export const hearRejections = (heard: (reason: unknown) => void): (() => void) => {
  const global = globalThis as Global
  const onEvent = ({ reason }: { reason: unknown }) => heard(reason)
  global.process?.on?.('unhandledRejection', heard)
  global.addEventListener?.('unhandledrejection', onEvent)
  return () => {
    global.process?.off?.('unhandledRejection', heard)
    global.removeEventListener?.('unhandledrejection', onEvent)
  }
}
