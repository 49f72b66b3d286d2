import { HubError, printable } from '@conn-hub/core'

export function expect(holds: boolean, what: string, option: string): asserts holds {
  if (!holds) throw new HubError('INVALID_OPTION', `The option "${option}" must be ${what}.`)
}

/** By its functions: it may be wrapped. Emitters and sockets have some of them, too; `byKey` has a hub alone. */
export const checkHub = (hub: unknown): void => {
  const isHub = isObject(hub) && [hub.on, hub.byKey, hub.connect].every(isFunction)
  expect(isHub, 'a hub', 'hub')
}

/** A name that is not known is a slip of the pen. */
export const checkNames = (
  options: unknown,
  known: readonly string[],
  option = 'options',
): void => {
  expect(isObject(options) && !Array.isArray(options), `an object with ${known.join(', ')}`, option)
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue
    throw new HubError(
      'INVALID_OPTION',
      `There is no option "${printable(name.slice(0, 100))}". The options here are ${known.join(', ')}.`,
    )
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

export const isFunction = (value: unknown): boolean => typeof value === 'function'

/** What a timer can count. */
export const isMs = (value: unknown): value is number =>
  typeof value === 'number' && value >= 1 && value <= 2 ** 31 - 1

export const MS = 'a number of ms from 1 to 2147483647'

export const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

/** By its shape: it may come from another realm. */
export const isSignal = (value: unknown): boolean =>
  isObject(value) &&
  typeof value.aborted === 'boolean' &&
  isFunction(value.addEventListener) &&
  isFunction(value.removeEventListener)
