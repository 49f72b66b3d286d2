/** A network that the test switches. */
export const switchedNetwork = (isOnline = true) => {
  const listeners = new Set<() => void>()
  return {
    get: () => isOnline,
    subscribe: (listener: () => void) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    set: (value: boolean) => {
      isOnline = value
      // Those who listened then: a listener may begin to listen anew.
      for (const listener of [...listeners]) listener()
    },
    listeners,
  }
}
