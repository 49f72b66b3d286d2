export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

export const isFunction = (value: unknown): value is (...args: never) => unknown =>
  typeof value === 'function'

export const isThenable = (value: unknown): boolean =>
  (isObject(value) || isFunction(value)) && isFunction((value as { then?: unknown }).then)

export const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0

export const isStrings = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string')

/** What JSON says; `undefined` where it is none. */
export const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
