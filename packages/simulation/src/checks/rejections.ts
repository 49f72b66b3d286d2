interface Listening {
  on(type: 'unhandledRejection', listener: (reason: unknown) => void): void
  off(type: 'unhandledRejection', listener: (reason: unknown) => void): void
}

/** Hears of promises that were rejected and that nobody waited for, until what it gives is called. */
export const hearRejections = (heard: (reason: unknown) => void): (() => void) => {
  const { process } = globalThis as { process?: Partial<Listening> }
  if (process?.on && process.off) {
    const { on, off } = process as Listening
    on.call(process, 'unhandledRejection', heard)
    return () => off.call(process, 'unhandledRejection', heard)
  }
  const onEvent = (event: Event) => heard((event as PromiseRejectionEvent).reason)
  globalThis.addEventListener('unhandledrejection', onEvent)
  return () => globalThis.removeEventListener('unhandledrejection', onEvent)
}
