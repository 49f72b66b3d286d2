import { timersModule } from './builtin.js'

export interface Run {
  (...args: unknown[]): unknown
  /** Nobody can clear its timer: that it is left says nothing. */
  isUnclearable?: true
}

/** One of the functions that set a timer. */
export type SetTimer = (run: Run, ...args: unknown[]) => unknown

export interface Timers {
  /** Somebody sets a timer by the function `set`. */
  set(set: SetTimer, run: Run, args: unknown[]): unknown
  /** Somebody has cleared one. */
  cleared(timer: unknown): void
}

/** What `util.promisify()` of Node gives for a function that has it. */
const PROMISIFIED = Symbol.for('nodejs.util.promisify.custom')

type Global = Record<string, (...args: never[]) => unknown>

/** Stands before the functions of timers, the global ones and those of `node:timers`, whoever put them there. Gives what undoes it. */
export const ownTimers = (timers: Timers): (() => void) => {
  const { timeout } = AbortSignal
  const undo = [globalThis, timersModule()].map((place) => own(place as unknown as Global, timers))
  AbortSignal.timeout = abortAfter
  return () => {
    for (const each of undo) each()
    AbortSignal.timeout = timeout
  }
}

const own = (place: Global | undefined, { set, cleared }: Timers): (() => void) => {
  const before: Global = {}
  const replace = (name: string, by: (inner: SetTimer) => SetTimer) => {
    const inner = place?.[name]
    if (!inner) return
    before[name] = inner
    place[name] = by(inner as SetTimer) as never
  }
  for (const name of ['setTimeout', 'setInterval', 'setImmediate']) {
    replace(name, (inner) =>
      withPromise(inner, (run, ...args) =>
        // What is no function is refused there, at once.
        typeof run === 'function' ? set(inner, run, args) : inner(run, ...args),
      ),
    )
  }
  for (const name of ['clearTimeout', 'clearInterval', 'clearImmediate']) {
    replace(name, (inner) => (timer) => {
      cleared(timer)
      return inner(timer)
    })
  }
  return () => void Object.assign(place ?? {}, before)
}

/** The engine's own would count real time. */
const abortAfter = (ms: number): AbortSignal => {
  const controller = new AbortController()
  const error = new DOMException('The operation was aborted due to timeout', 'TimeoutError')
  const abort: Run = () => controller.abort(error)
  abort.isUnclearable = true
  const timer: unknown = setTimeout(abort, ms)
  // As the engine's own: it keeps no process alive.
  ;(timer as { unref?: () => void }).unref?.()
  return controller.signal
}

const withPromise = (inner: SetTimer, own: SetTimer): SetTimer => {
  if (!(PROMISIFIED in inner)) return own
  const promisified = (...args: unknown[]) =>
    new Promise((resolve) => void own(resolve as Run, ...args))
  return Object.assign(own, { [PROMISIFIED]: promisified })
}
