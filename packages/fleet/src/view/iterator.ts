import type { FleetChanges, FleetIterator } from '../model/fleet.js'
import { ChangeLog } from './change-log.js'
import type { View } from './view.js'

type Result<T> = IteratorResult<T, undefined>

const DONE: Result<never> = { value: undefined, done: true }

/** What the iterators of a fleet have in common. */
export interface Readers {
  readonly view: View
  /** Ends each of them, after what waits in it. */
  readonly ends: Set<() => void>
  readonly isOver: boolean
}

/** The changes of a view at the reader's own pace, from the first `next()` on. */
export const iterateChanges = <P>(
  readers: Readers,
  signal: AbortSignal | undefined,
): FleetIterator<FleetChanges<P>> => {
  const { view, ends } = readers
  const log = new ChangeLog<P>(view)
  const waiting: ((result: Result<FleetChanges<P>>) => void)[] = []
  let state: 'new' | 'open' | 'closing' | 'ended' = 'new'
  let isFirst = true

  /** Undefined: nothing yet. */
  const read = (): Result<FleetChanges<P>> | undefined => {
    if (signal?.aborted) stop()
    if (state === 'ended') return DONE
    if (!log.isEmpty) {
      const value = log.take()
      const { added, changed, removed } = value
      const isNews = isFirst || added.length + changed.length + removed.length > 0
      isFirst = false
      if (isNews) return { value, done: false }
    }
    if (state === 'closing') stop()
    return state === 'closing' || state === ('ended' as string) ? DONE : undefined
  }

  let isPlanned = false
  /** Once for all that changes in a row: a batch is one item. */
  const wake = () => {
    if (isPlanned || waiting.length === 0) return
    isPlanned = true
    Promise.resolve().then(() => {
      isPlanned = false
      answer()
    })
  }
  const answer = () => {
    while (waiting.length > 0) {
      const result = read()
      if (!result) return
      waiting.shift()?.(result)
    }
  }
  const watch: Parameters<View['watches']['add']>[0] = (...change) => {
    log.add(...change)
    wake()
  }
  const close = () => {
    if (state === 'open') state = 'closing'
    view.watches.delete(watch)
    answer()
  }
  const stop = () => {
    state = 'ended'
    view.watches.delete(watch)
    ends.delete(close)
    signal?.removeEventListener('abort', abort)
  }
  const abort = () => {
    stop()
    answer()
  }
  const start = () => {
    if (state !== 'new') return
    if (readers.isOver || signal?.aborted) return void stop()
    state = 'open'
    view.watches.add(watch)
    ends.add(close)
    signal?.addEventListener('abort', abort)
  }

  const next = (): Promise<Result<FleetChanges<P>>> => {
    start()
    const result = waiting.length > 0 ? undefined : read()
    return result ? Promise.resolve(result) : new Promise((resolve) => waiting.push(resolve))
  }
  const iterator = {
    next,
    return: () => {
      abort()
      return next()
    },
    throw: (error?: unknown) => {
      abort()
      return Promise.reject(error)
    },
    [Symbol.asyncIterator]: () => iterator,
  } as FleetIterator<FleetChanges<P>>
  // Missing before Node 18.18.
  if (!Symbol.asyncDispose) return iterator
  return Object.assign(iterator, { [Symbol.asyncDispose]: async () => abort() })
}
