import { inspect } from 'node:util'
import fc from 'fast-check'

/** Makes a value anew at each call: fast-check itself must not touch a proxy that throws at whoever looks. */
export type Make = () => unknown

/** One of some values, all of them harmless to look at. */
export const oneOf = (...values: readonly unknown[]): fc.Arbitrary<Make> =>
  fc.constantFrom(...values.map((value) => () => value))

/** What a value looks like, without asking it: `inspect` goes past proxies and getters. */
export const show = (value: unknown): string => {
  try {
    return inspect(value, { depth: 3, breakLength: 200, maxArrayLength: 5, maxStringLength: 120 })
  } catch {
    return 'a value that cannot be shown'
  }
}

/** Throws at whoever does anything with it. */
export const thrower = (target: object): unknown => {
  const explode = () => {
    throw new Error('do not touch')
  }
  const traps: (keyof ProxyHandler<object>)[] = [
    'apply',
    'construct',
    'defineProperty',
    'deleteProperty',
    'get',
    'getOwnPropertyDescriptor',
    'getPrototypeOf',
    'has',
    'isExtensible',
    'ownKeys',
    'preventExtensions',
    'set',
    'setPrototypeOf',
  ]
  return new Proxy(target, Object.fromEntries(traps.map((trap) => [trap, explode])))
}

export const revoked = (target: object): unknown => {
  const { proxy, revoke } = Proxy.revocable(target, {})
  revoke()
  return proxy
}

/** For calls that were taken, and that the end of their hub ended. */
export const unless =
  (...codes: readonly string[]) =>
  (error: { readonly code?: unknown }): void => {
    if (!codes.includes(String(error.code))) throw error
  }
