/** A network that is switched. */
export const createOnline = () => {
  const listeners = new Set<() => void>()
  let isOnline = true
  return {
    get: () => isOnline,
    subscribe: (listener: () => void) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    set: (value: boolean) => {
      isOnline = value
      for (const listener of [...listeners]) listener()
    },
  }
}

/** A clock that somebody sets. */
export const createClock = () => {
  let ahead = 0
  return {
    now: () => Date.now() + ahead,
    setTimeout: (run: () => void, ms: number) => setTimeout(run, ms),
    clearTimeout: (timer: unknown) => clearTimeout(timer as never),
    jump: (ms: number) => {
      ahead += ms
    },
  }
}
