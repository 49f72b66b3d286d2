export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

export const isFunction = (value: unknown): value is (...args: never) => unknown =>
  typeof value === 'function'

export const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  (isObject(value) || isFunction(value)) && isFunction((value as { then?: unknown }).then)
