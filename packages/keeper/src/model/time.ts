/** Time, where it is not the real one: for tests and simulations. */
export interface Clock {
  /** In ms since 1970. */
  now(): number
  /** Calls `run` once, `ms` later. Gives what `clearTimeout` takes; what has an `unref()` is unref'd, unless `keepAlive`. */
  setTimeout(run: () => void, ms: number): unknown
  /** Ends a timer. */
  clearTimeout(timer: unknown): void
}

/**
 * Whether there is a network.
 *
 * @example
 * const online: Online = {
 *   get: () => wifi.isUp,
 *   subscribe: (listener) => wifi.onChange(listener),
 * }
 * createKeeper(hub, { online }).close()
 */
export interface Online {
  /** Whether there is one now. */
  get(): boolean
  /** Calls `listener` after each change, also where one network has taken the place of another. Gives what ends it. */
  subscribe(listener: () => void): () => void
}
