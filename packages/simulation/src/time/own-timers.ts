export type Run = (...args: unknown[]) => unknown

/** One of the functions that set a timer. */
export type SetTimer = (run: Run, ...args: unknown[]) => unknown

export interface Timers {
  /** Somebody sets a timer by the function `set`. */
  set(set: SetTimer, run: Run, args: unknown[]): unknown
  /** Somebody has cleared one. */
  cleared(timer: unknown): void
}

type Global = Record<string, (...args: never[]) => unknown>

/** Stands before the global functions of timers, whoever put them there. Gives what undoes it. */
export const ownTimers = ({ set, cleared }: Timers): (() => void) => {
  const global = globalThis as unknown as Global
  const { timeout } = AbortSignal
  const before: Global = {}
  const replace = (name: string, by: (inner: SetTimer) => SetTimer) => {
    const inner = global[name]
    if (!inner) return
    before[name] = inner
    global[name] = by(inner as SetTimer) as never
  }
  for (const name of ['setTimeout', 'setInterval', 'setImmediate']) {
    replace(
      name,
      (inner) =>
        (run, ...args) =>
          set(inner, run, args),
    )
  }
  for (const name of ['clearTimeout', 'clearInterval', 'clearImmediate']) {
    replace(name, (inner) => (timer) => {
      cleared(timer)
      return inner(timer)
    })
  }
  AbortSignal.timeout = abortAfter
  return () => {
    Object.assign(global, before)
    AbortSignal.timeout = timeout
  }
}

/** The engine's own would count real time. */
const abortAfter = (ms: number): AbortSignal => {
  const controller = new AbortController()
  const error = new DOMException('The operation was aborted due to timeout', 'TimeoutError')
  const timer: unknown = setTimeout(() => controller.abort(error), ms)
  // As the engine's own: it keeps no process alive.
  ;(timer as { unref?: () => void }).unref?.()
  return controller.signal
}
