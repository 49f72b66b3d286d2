/** A timer that does not keep a process alive. Returns what cancels it. */
export const startTimer = (ms: number, onTime: () => void): (() => void) => {
  const timer: unknown = setTimeout(onTime, ms)
  // In Node a timer is an object that can be unref'd, in browsers a number.
  ;(timer as { unref?: () => void }).unref?.()
  return () => clearTimeout(timer as number)
}
