/** Longest delay, in ms, that `setTimeout` can count; a longer one would fire at once. */
export const MAX_DELAY = 2 ** 31 - 1

/** A deadline that does not keep a process alive. Returns what cancels it. */
export const startTimer = (ms: number, onTime: () => void): (() => void) => {
  const timer: unknown = setTimeout(onTime, ms)
  // In Node a timer is an object that can be unref'd, in browsers a number.
  ;(timer as { unref?: () => void }).unref?.()
  return () => clearTimeout(timer as number)
}
