import type { Listenable, Metadata } from '@conn-hub/core'
import { createView, type OptionsOf, type View, type Views } from '@conn-hub/core/view'

type Result<T> = IteratorResult<T, undefined>

interface Waiter<T> {
  readonly resolve: (result: Result<T>) => void
  next: Waiter<T> | undefined
}

/** `Symbol.asyncDispose` where the app's `lib` knows it: a name that it does not know would not compile there. */
type AsyncDisposeKey = typeof Symbol extends { readonly asyncDispose: infer Key }
  ? Key & symbol
  : never

/** What `for await` goes through, and `await using` where the runtime has `Symbol.asyncDispose`. */
export interface HubIterator<T>
  extends AsyncIterableIterator<T>,
    Record<AsyncDisposeKey, () => Promise<void>> {
  /** Subscribes at the first call. Several calls at once are answered in their order. */
  next(): Promise<Result<T>>
  /** The end, at once: nothing is subscribed any more, and whoever waits is told. May be called again. */
  return(): Promise<Result<T>>
  /** As `return()`, but rejects with the error. */
  throw(error?: unknown): Promise<Result<T>>
  [Symbol.asyncIterator](): HubIterator<T>
}

export const createIterator = <S, D extends Metadata, V extends keyof Views<S, D>>(
  hub: Listenable<S, D>,
  name: V,
  options: OptionsOf<V> | undefined,
): HubIterator<Views<S, D>[V]> => iterate(createView(hub, name, options))

/** Takes hold of the view at the first `next()`, and lets go of it at the end. */
const iterate = <T>(view: View<T>): HubIterator<T> => {
  // A linked list, because thousands may wait: the first, and where the next one goes.
  let first: Waiter<T> | undefined
  let last: Waiter<T> | undefined

  /** What there is now: an item, the end, or nothing yet. */
  const read = (item?: T): Result<T> | undefined => {
    const value = item ?? view.take()
    const done = value === undefined
    return done && !view.ended ? undefined : ({ value, done } as Result<T>)
  }

  /** Answers whom it can. */
  const answer = (newest?: T): boolean => {
    const taken = first !== undefined
    for (let item = newest; first; item = undefined) {
      const result = read(item)
      if (!result) break
      first.resolve(result)
      first = first.next
    }
    return taken
  }

  const wait = (resolve: Waiter<T>['resolve']) => {
    const waiter: Waiter<T> = { resolve, next: undefined }
    if (first && last) last.next = waiter
    else first = waiter
    last = waiter
  }

  const next = (): Promise<Result<T>> => {
    view.start(answer)
    // What is there already needs no waiter: most of the work of a reader that fell behind.
    const result = first ? undefined : read()
    return result ? Promise.resolve(result) : new Promise(wait)
  }

  const end = () => {
    view.stop()
    answer()
  }

  const iterator = {
    next,
    return: () => {
      end()
      return next()
    },
    throw: (error?: unknown) => {
      end()
      return Promise.reject(error)
    },
    [Symbol.asyncIterator]: () => iterator,
  } as HubIterator<T>
  // Missing before Node 18.18.
  if (!Symbol.asyncDispose) return iterator
  return Object.assign(iterator, { [Symbol.asyncDispose]: async () => end() })
}
