import type { FaultSession } from '@conn-hub/testkit'
import fc from 'fast-check'

type Closes = FaultSession['onClose']
export type Answer = 'later' | 'at once' | 'fails' | 'throws'

/** One thing that happens. Numbers choose among what there is. */
export type Step =
  | { do: 'connect'; address: string; signal?: number; timeout?: number; data?: { n: number } }
  | { do: 'disconnect'; address: string; signal?: number }
  | { do: 'update'; address: string; n: number }
  | { do: 'reset' }
  | { do: 'inbound'; address: string; closes: Closes }
  | { do: 'remote close'; session: number }
  | { do: 'answer'; dial: number; again: boolean; closes: Closes }
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

/** Stories by chance, whose sessions close in the given ways. */
export const stories = (ways: readonly Closes[]): fc.Arbitrary<Step[]> => {
  const closes = fc.constantFrom(...ways)
  const simple = fc.oneof(
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
  const any = fc.oneof({ weight: 4, arbitrary: simple }, step(1, 'react', { step: simple }))
  return fc.array(any, { minLength: 5, maxLength: 40 })
}
