import { HubError } from '@conn-hub/core'
import type { Clock } from '../model/clock.js'

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

export const isFunction = (value: unknown): value is (...args: never) => unknown =>
  typeof value === 'function'

export const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  (isObject(value) || isFunction(value)) && isFunction((value as { then?: unknown }).then)

export function expect(holds: boolean, what: string, option: string): asserts holds {
  if (!holds) throw new HubError('INVALID_OPTION', `The option "${option}" must be ${what}.`)
}

/** A name that is not known is a slip of the pen. */
export const checkNames = (options: unknown, known: readonly string[]): void => {
  expect(isObject(options) && !Array.isArray(options), 'an object', 'options')
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue
    const what = `There is no option "${name}" here. The options are ${known.join(', ')}.`
    throw new HubError('INVALID_OPTION', what)
  }
}

const OF_A_HUB = ['on', 'get', 'snapshot', 'disconnect']

/** By what is asked of it: it may be wrapped. Emitters, views and transports have some of it, too. */
export const checkHub = (hub: unknown): void => {
  const isHub = isObject(hub) && OF_A_HUB.every((name) => isFunction(hub[name]))
  expect(isHub, 'a hub of createHub()', 'hub')
}

/** A whole number; where it is not given there is no limit. */
export const countOf = <O extends object>(options: O, name: keyof O & string, from = 1): number => {
  const given: unknown = options[name]
  // null is what JSON makes of NaN: a limit that was lost on its way is none to go without.
  const value = given === undefined ? Number.POSITIVE_INFINITY : given
  const isCount = Number.isInteger(value) || value === Number.POSITIVE_INFINITY
  expect(isCount && (value as number) >= from, `a whole number from ${from} on`, name)
  return value as number
}

/** In ms; without a default it must be given. */
export const msOf = <O extends object>(
  options: O,
  name: keyof O & string,
  byDefault?: number,
): number => {
  const given: unknown = options[name]
  const value = given === undefined ? byDefault : given
  const holds = typeof value === 'number' && value >= 1 && value <= 2 ** 31 - 1
  expect(holds, 'a number of ms from 1 to 2147483647', name)
  return value
}

export const functionOf = <O extends object, N extends keyof O & string>(
  options: O,
  name: N,
): O[N] => {
  const value = options[name]
  expect(value === undefined || isFunction(value), 'a function', name)
  return value
}

/** The first is the default. */
export const oneOf = <T extends string>(
  given: unknown,
  known: readonly [T, ...T[]],
  name: string,
): T => {
  const value = given === undefined ? known[0] : given
  expect(known.includes(value as T), known.map((each) => `'${each}'`).join(' or '), name)
  return value as T
}

export const clockOf = ({ clock }: { readonly clock?: Clock | undefined }): Clock | undefined => {
  const fits =
    clock === undefined ||
    (isObject(clock) && [clock.setTimeout, clock.clearTimeout, clock.now].every(isFunction))
  expect(fits, 'an object with setTimeout(), clearTimeout() and now()', 'clock')
  return clock
}

interface Protecting {
  isProtected(key: string): boolean
}

/** Something with `isProtected()`, as `createProtection()` makes it. Where that throws, nobody is ended for it; the first error is printed. */
export const protectOf = (options: {
  readonly protect?: Protecting | undefined
}): Protecting | undefined => {
  const { protect } = options
  const fits = protect === undefined || (isObject(protect) && isFunction(protect.isProtected))
  expect(fits, 'what createProtection() gives', 'protect')
  let isTold = false
  const isProtected = (key: string): boolean => {
    try {
      return protect?.isProtected(key) === true
    } catch (error) {
      if (!isTold) console.error(error)
      isTold = true
      return true
    }
  }
  return protect && { isProtected }
}
