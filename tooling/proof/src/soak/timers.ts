export interface TimerCount {
  /** Timers and intervals that were started since the count began, and have neither fired nor been cleared. */
  outstanding(): number
  /** Gives the real functions back. */
  stop(): void
}

type Callback = (...given: unknown[]) => void

/** Counts the timers of everything in the process, from now on, whoever starts them. */
export const countTimers = (): TimerCount => {
  const real = { ...pick(globalThis) }
  const outstanding = new Set<unknown>()
  const start = (once: boolean, begin: (callback: Callback, ...rest: unknown[]) => unknown) => {
    const counted = (callback: Callback, ...rest: unknown[]) => {
      const onTime = (...given: unknown[]) => {
        if (once) outstanding.delete(timer)
        callback(...given)
      }
      const timer = begin(onTime, ...rest)
      outstanding.add(timer)
      return timer
    }
    // `util.promisify` looks for its own form of it here.
    return Object.assign(counted, begin)
  }
  const clear = (end: (timer: never) => void) => (timer: unknown) => {
    outstanding.delete(timer)
    end(timer as never)
  }
  Object.assign(globalThis, {
    setTimeout: start(true, real.setTimeout as never),
    setInterval: start(false, real.setInterval as never),
    clearTimeout: clear(real.clearTimeout),
    clearInterval: clear(real.clearInterval),
  })
  return { outstanding: () => outstanding.size, stop: () => Object.assign(globalThis, real) }
}

const pick = ({ setTimeout, setInterval, clearTimeout, clearInterval }: typeof globalThis) => ({
  setTimeout,
  setInterval,
  clearTimeout,
  clearInterval,
})
