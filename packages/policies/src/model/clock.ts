/** The timers and the time that a policy goes by. */
export interface Clock {
  setTimeout(run: () => void, ms: number): unknown
  clearTimeout(timer: unknown): void
  /** In ms since 1970. */
  now(): number
}
