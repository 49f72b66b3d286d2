type Listener<E> = (event: E) => void

/** Node has the one, browsers the others. */
interface Global {
  readonly process?: {
    on?(type: string, listener: Listener<unknown>): void
    off?(type: string, listener: Listener<unknown>): void
  }
  addEventListener?(type: string, listener: Listener<never>): void
  removeEventListener?(type: string, listener: Listener<never>): void
}

/** Who hears of what nobody has caught. */
export interface Uncaught {
  /** A promise was rejected. */
  rejected(reason: unknown): void
  /** A microtask, or a tick, threw. */
  threw(error: unknown): void
}

/** Hears of what nobody has caught, until what it gives is called. */
export const hearUncaught = ({ rejected, threw }: Uncaught): (() => void) => {
  const global = globalThis as Global
  const inNode = { unhandledRejection: rejected, uncaughtException: threw }
  const inPages = {
    unhandledrejection: ({ reason }: { reason: unknown }) => rejected(reason),
    error: ({ error }: { error: unknown }) => threw(error),
  }
  for (const [type, listener] of Object.entries(inNode)) global.process?.on?.(type, listener)
  for (const [type, listener] of Object.entries(inPages)) global.addEventListener?.(type, listener)
  return () => {
    for (const [type, listener] of Object.entries(inNode)) global.process?.off?.(type, listener)
    for (const [type, listener] of Object.entries(inPages))
      global.removeEventListener?.(type, listener)
  }
}
