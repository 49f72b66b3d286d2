/** A signal that counts who waits for its abort. */
export const trackedSignal = () => {
  const controller = new AbortController()
  const { signal } = controller
  const held = new Set<unknown>()
  const { addEventListener, removeEventListener } = signal
  signal.addEventListener = (type: string, listener: never, ...rest: never[]) => {
    if (type === 'abort') held.add(listener)
    addEventListener.call(signal, type, listener, ...rest)
  }
  signal.removeEventListener = (type: string, listener: never, ...rest: never[]) => {
    if (type === 'abort') held.delete(listener)
    removeEventListener.call(signal, type, listener, ...rest)
  }
  return { signal, held, abort: (reason?: unknown) => controller.abort(reason) }
}
