import { HubError } from '@conn-hub/core'

export function expect(holds: boolean, what: string, option: string): asserts holds {
  if (!holds) throw new HubError('INVALID_OPTION', `The option "${option}" must be ${what}.`)
}

/** A name that is not known is a slip of the pen. */
export const checkNames = (options: unknown, known: readonly string[]): void => {
  const isObject = typeof options === 'object' && options !== null && !Array.isArray(options)
  expect(isObject, `an object with ${known.join(', ')}`, 'options')
  const unknown = Object.keys(options as object).find((name) => !known.includes(name))
  if (unknown === undefined) return
  throw new HubError(
    'INVALID_OPTION',
    `There is no option "${unknown}". The options here are ${known.join(', ')}.`,
  )
}

export const isFunction = (value: unknown): boolean => typeof value === 'function'

/** The longest that a timer can count; one that is longer comes at once. */
const MAX_MS = 2 ** 31 - 1

export const MS = `a number of ms, up to ${MAX_MS}`
export const MS_ABOVE_0 = `a number of ms above 0, up to ${MAX_MS}`

export const isMs = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && value <= MAX_MS

export const isSeed = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 31

export const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 1

export const isUrl = (value: unknown): boolean => {
  try {
    return typeof value === 'string' && new URL(value) instanceof URL
  } catch {
    return false
  }
}
