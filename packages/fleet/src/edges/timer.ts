/** A timer that does not keep a process alive. Returns what cancels it. */
export const startTimer = (ms: number, onTime: () => void): (() => void) => {
  const timer: unknown = setTimeout(onTime, ms)
  // In Node a timer is an object that can be unref'd, in browsers a number.
  ;(timer as { unref?: () => void }).unref?.()
  return () => clearTimeout(timer as number)
}

/** What has come meanwhile is read first: Node does so between its timers and its immediates. */
const startLook = (onLooked: () => void): (() => void) => {
  const { setImmediate, clearImmediate } = globalThis as Immediates
  if (!setImmediate) return startTimer(0, onLooked)
  const immediate = setImmediate(onLooked)
  immediate.unref?.()
  return () => clearImmediate?.(immediate)
}

/** Browsers have none. */
interface Immediates {
  setImmediate?(task: () => void): { unref?(): void }
  clearImmediate?(immediate: object): void
}

/** The longest part of a deadline, in ms. */
const PART = 500

/**
 * A deadline in parts: a part that is over late counts no more than it should have taken. A process that is busy reads its answers late, and must not
 * take that for the silence of the other side. Returns what cancels it.
 */
export const startDeadline = (ms: number, onOver: () => void): (() => void) => {
  let left = ms
  const next = (): (() => void) => {
    if (left <= 0) return startLook(onOver)
    const part = Math.min(left, PART)
    left -= part
    return startTimer(part, () => {
      stop = next()
    })
  }
  let stop = next()
  return () => stop()
}
