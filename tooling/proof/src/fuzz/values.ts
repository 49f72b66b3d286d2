import fc from 'fast-check'
import { type Make, oneOf, revoked, thrower } from './make.js'

class Instance {
  readonly own = 1
  get inherited(): never {
    throw new Error('an inherited getter')
  }
}

const selfContaining = () => {
  const cycle: Record<string, unknown> = { list: [] }
  cycle.self = cycle
  ;(cycle.list as unknown[]).push(cycle)
  return cycle
}

export const fails = (what: string) => () => {
  throw new Error(what)
}

/** Values that nobody expects, and that answer badly to being looked at. */
const TRAPS: readonly Make[] = [
  () => thrower({}),
  () => thrower([]),
  () => thrower(() => {}),
  () => revoked({}),
  () => revoked([]),
  () => revoked(() => {}),
  () => new Proxy({}, { get: (_, name) => name }),
  () => new Proxy({}, { ownKeys: fails('no keys') }),
  () => new Proxy({}, { has: () => true, get: fails('no field') }),
  () => ({ toString: fails('no text'), valueOf: fails('no value') }),
  () => ({ [Symbol.toPrimitive]: fails('no primitive') }),
  () => Object.defineProperty({}, 'then', { value: fails('no then') }),
  () => Object.defineProperty({}, 'then', { get: fails('no then to be read') }),
  () =>
    Object.create({
      get data(): never {
        throw new Error('an inherited getter')
      },
    }),
  () => Object.defineProperty({}, 'length', { get: fails('no length') }),
  () => new Instance(),
  () => Instance,
  () => selfContaining(),
  () => Object.create(null),
  () => Symbol('a symbol'),
  () => Symbol.iterator,
  () => ({ [Symbol('a symbol')]: 1 }),
  () => new String('fault:open'),
  () => ['fault:open'],
  () => new Error('an error'),
  () => new Date(Number.NaN),
  () => new WeakMap(),
  () => Buffer.from('fault:open'),
  () => async () => {},
  () => 10n ** 30n,
  () => -0,
  () => globalThis,
  () => JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
]

const anything: fc.Arbitrary<Make> = fc
  .anything({
    withBigInt: true,
    withBoxedValues: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
  })
  .map((value) => () => value)

/** Anything at all. */
export const hostile: fc.Arbitrary<Make> = fc.oneof(
  anything,
  { arbitrary: fc.constantFrom(...TRAPS), weight: 2 },
  oneOf(undefined, null, '', 0, 1, -1, Number.NaN, Number.POSITIVE_INFINITY, true, false),
)

export const delay = oneOf(
  1_000,
  1_000,
  60_000,
  2 ** 31 - 1,
  2 ** 31,
  0,
  0.5,
  -1,
  Number.NaN,
  '1000',
)
export const text = fc.string({ unit: 'binary', maxLength: 40 }).map((value) => () => value)
