import type { Hub } from '@conn-hub/core'
import type { ViewOptions } from './options.js'
import { Queue } from './queue.js'
import type { Look, View } from './views.js'

type Result<T> = IteratorResult<T, undefined>

/** What `for await` goes through. */
export interface HubIterator<T> extends AsyncIterableIterator<T> {
  /** Subscribes at the first call. Several calls at once are answered in their order. */
  next(): Promise<Result<T>>
  /** The end, at once: nothing is subscribed any more, and whoever waits is told. May be called again. */
  return(): Promise<Result<T>>
  /** As `return()`, but rejects with the error. */
  throw(error?: unknown): Promise<Result<T>>
  [Symbol.asyncIterator](): HubIterator<T>
  /** For `await using`; missing where the runtime has no `Symbol.asyncDispose`. */
  [Symbol.asyncDispose](): Promise<void>
}

/** Reads a view; takes hold of the hub and the signal at the first `next()`, and lets go of them at the end. */
export const createIterator = <S, T>(
  hub: Hub<S>,
  view: View<T>,
  { signal }: ViewOptions,
): HubIterator<T> => {
  const waiting = new Queue<(result: Result<T>) => void>()
  /** `undefined`: not yet; `null`: no more. */
  let look: Look<T> | null | undefined
  let closed = false
  let stopClose = () => {}

  const begin = () => {
    if (hub.closed) return end()
    look = view(answer)
    stopClose = hub.on('close', onClose)
    signal?.addEventListener('abort', end)
  }

  /** Answers whom it can: with an item, or with the end. */
  const answer = () => {
    while (waiting.size > 0) {
      const value = look?.take()
      const done = value === undefined
      if (done && look && !closed) return
      waiting.shift()?.({ done, value } as Result<T>)
    }
  }

  /** The reader gets what is left. Nobody else keeps that alive: the signal is looked at in `next()` from here on. */
  const onClose = () => {
    closed = true
    signal?.removeEventListener('abort', end)
    answer()
  }

  const end = () => {
    look?.stop()
    look = null
    stopClose()
    signal?.removeEventListener('abort', end)
    answer()
  }

  const next = () => {
    if (signal?.aborted) end()
    else if (look === undefined) begin()
    return new Promise<Result<T>>((resolve) => {
      waiting.push(resolve)
      answer()
    })
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
  if (Symbol.asyncDispose) iterator[Symbol.asyncDispose] = async () => end()
  return iterator
}
