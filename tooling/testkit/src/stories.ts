import fc from 'fast-check'
import type { CloseBehaviour } from './fault.js'

export type Answer = 'later' | 'at once' | 'fails' | 'throws'

/** One thing that happens. Numbers choose among what there is. */
export type Step =
  | { do: 'connect'; address: string; signal?: number; timeout?: number; data?: { n: number } }
  | { do: 'disconnect'; address: string; signal?: number }
  | { do: 'update'; address: string; n: number }
  | { do: 'reset' }
  | { do: 'close' }
  | { do: 'inbound'; address: string; closes: CloseBehaviour }
  | { do: 'remote close'; session: number }
  | { do: 'answer'; dial: number; again: boolean; closes: CloseBehaviour }
  | { do: 'fail'; dial: number }
  | { do: 'answer dials'; how: Answer }
  | { do: 'abort'; signal: number }
  | { do: 'wait'; ms: number }
  /** Happens inside the handler of the next event. */
  | { do: 'react'; step: Step }

const reachable = fc.constantFrom('fault:a', 'fault:b', 'fault:anonymous')
const address = fc.oneof({ weight: 9, arbitrary: reachable }, fc.constant('fault:me'))
const nth = fc.nat({ max: 5 })
const signal = fc.option(nth, { nil: undefined })
const timeout = fc.option(fc.constantFrom(1, 100, 20_000), { nil: undefined })
const data = fc.option(fc.record({ n: nth }), { nil: undefined })
const how = fc.constantFrom<Answer>('later', 'at once', 'fails', 'throws')
const ms = fc.constantFrom(0, 100, 5_000, 30_000)

const step = <T extends Step['do'], F extends object>(weight: number, what: T, fields: F) => ({
  weight,
  arbitrary: fc.record({ do: fc.constant(what), ...fields }) as unknown as fc.Arbitrary<Step>,
})

/** One step by chance; its sessions close in the given ways. Nothing reacts, and the hub is not closed. */
export const anyStep = (ways: readonly CloseBehaviour[]): fc.Arbitrary<Step> => {
  const closes = fc.constantFrom(...ways)
  return fc.oneof(
    step(4, 'connect', { address, signal, timeout, data }),
    step(3, 'disconnect', { address, signal }),
    step(1, 'update', { address, n: nth }),
    step(1, 'reset', {}),
    step(2, 'inbound', { address: reachable, closes }),
    step(3, 'remote close', { session: nth }),
    step(5, 'answer', { dial: nth, again: fc.boolean(), closes }),
    step(2, 'fail', { dial: nth }),
    step(1, 'answer dials', { how }),
    step(1, 'abort', { signal: nth }),
    step(2, 'wait', { ms }),
  )
}

/** One step by chance, or one that happens inside the handler of the next event. */
export const anyReentrantStep = (ways: readonly CloseBehaviour[]): fc.Arbitrary<Step> => {
  const simple = anyStep(ways)
  // No time passes inside a handler.
  const reaction = simple.filter(({ do: what }) => what !== 'wait')
  return fc.oneof({ weight: 4, arbitrary: simple }, step(1, 'react', { step: reaction }))
}

/** Stories by chance. */
export const stories = (ways: readonly CloseBehaviour[]): fc.Arbitrary<Step[]> =>
  fc.array(anyReentrantStep(ways), { minLength: 5, maxLength: 40 })
