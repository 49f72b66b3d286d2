import { shortText } from './printable.js'

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

export const isString = (value: unknown): value is string => typeof value === 'string'

export const isFunction = (value: unknown): value is (...args: never) => unknown =>
  typeof value === 'function'

export const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  (isObject(value) || isFunction(value)) && isFunction((value as { then?: unknown }).then)

/** By its prototype's prototype, because an object may come from another realm. */
export const isPlainObject = (value: unknown): value is Record<string, unknown> => {
  if (!isObject(value)) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** What was given, in the words of an error message. */
export const kindOf = (value: unknown): string => {
  if (value === null || value === undefined) return `${value}`
  if (Array.isArray(value)) return 'an array'
  if (isThenable(value)) return 'a promise'
  if (isString(value)) return `'${shortText(value)}'`
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

/** Our own work throws only where the stack is full: then `again` is done from a fresh one, where each step may have been taken already. */
export const surely = (work: () => void, again: (error: unknown) => void = work): void => {
  try {
    work()
  } catch (error) {
    Promise.resolve(error).then(again)
  }
}

/** Calls foreign code. What it throws or rejects with goes to `onError`. */
export const attempt = (call: () => unknown, onError: (error: unknown) => void): void => {
  try {
    const result = call()
    if (isThenable(result)) result.then(undefined, onError)
  } catch (error) {
    onError(error)
  }
}
