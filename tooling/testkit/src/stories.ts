import fc from 'fast-check'
import type { CloseBehaviour, DestroyBehaviour } from './fault.js'
import type { Answer, Place, Proves, Step } from './steps.js'

const nth = fc.nat({ max: 5 })
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const often = <T>(usual: T, others: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: others })
/** Mostly the newest: what has gone is no news. */
const which = often(0, nth)
/** Mostly one, so that things meet there. */
const reachable = often('fault:a', fc.constantFrom('fault:b', 'fault:anonymous'))
const address = fc.oneof({ weight: 9, arbitrary: reachable }, fc.constant('fault:me'))
const signal = maybe(nth)
const timeout = maybe(fc.constantFrom(1, 100, 20_000))
const data = maybe(fc.record({ n: nth }))
const how = fc.constantFrom<Answer>('later', 'at once', 'fails', 'throws', 'held')
const ms = fc.constantFrom(0, 100, 5_000, 30_000)
const key = often(undefined, fc.constantFrom<string>('a', 'other', 'me'))
/** Words of anybody: the hub's own too, what steers a terminal, and more than is kept. */
const words = fc.constantFrom('bye', 'hub-closed', 'a\u0007\u202eb', 'é'.repeat(200))
const reason = maybe(fc.oneof(words, fc.constant('')))
const error = often(undefined, fc.constant('the wire broke'))
const destroys = fc.constantFrom<DestroyBehaviour>('none', 'none', 'at-once', 'throw', 'nothing')
const proves = often<Proves>('named', fc.constantFrom<Proves>('other', 'none'))
const at = often<Place>(
  '*',
  fc.constantFrom<Place>(
    ...(['session', 'session-closed', 'refused', 'change', 'describe()', 'close()'] as const),
    ...(['destroy()', 'onClosed()', 'ended()', 'abort'] as const),
  ),
)

const step = <T extends Step['do'], F extends object>(weight: number, what: T, fields: F) => ({
  weight,
  arbitrary: fc.record({ do: fc.constant(what), ...fields }) as unknown as fc.Arbitrary<Step>,
})

/** One step by chance; its sessions close in the given ways. Nothing reacts, and the hub is not closed. */
export const anyStep = (ways: readonly CloseBehaviour[]): fc.Arbitrary<Step> => {
  const opens = { closes: fc.constantFrom(...ways), destroys }
  const answers = {
    ...opens,
    proves: often<Proves>('named', fc.oneof(proves, fc.constant('ours'))),
  }
  return fc.oneof(
    step(8, 'connect', { address, key, signal, timeout, data }),
    step(5, 'disconnect', { address, signal, reason }),
    step(3, 'disconnect session', { session: which, signal, reason }),
    step(2, 'update', { address, n: nth }),
    step(2, 'reset', { reason }),
    step(6, 'inbound', { address: reachable, proves, ...opens }),
    step(6, 'remote close', { session: which, error, reason }),
    step(20, 'answer', { dial: which, again: fc.boolean(), ...answers }),
    step(4, 'fail', { dial: which }),
    step(7, 'hold', { dial: which, why: words }),
    step(4, 'release', { hold: which }),
    step(2, 'answer dials', { how }),
    step(2, 'abort', { signal: nth }),
    step(6, 'wait', { ms }),
  )
}

/** One step by chance, or one that happens where the hub calls code of others. */
export const anyReentrantStep = (ways: readonly CloseBehaviour[]): fc.Arbitrary<Step> => {
  const simple = anyStep(ways)
  // No time passes inside a handler.
  const reaction = simple.filter(({ do: what }) => what !== 'wait')
  return fc.oneof({ weight: 4, arbitrary: simple }, step(1, 'react', { at, step: reaction }))
}

/** Stories by chance. */
export const stories = (ways: readonly CloseBehaviour[]): fc.Arbitrary<Step[]> =>
  fc.array(anyReentrantStep(ways), { minLength: 5, maxLength: 40 })
