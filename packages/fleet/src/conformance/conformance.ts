import { isFunction } from '../edges/guards.js'
import { checkNames, expect, token } from '../edges/options.js'
import type { Batch, Changes, Engine } from '../model/engine.js'
import { FleetError } from '../model/errors.js'
import { changing } from './changing.js'
import { leasing } from './leasing.js'
import { publishing } from './publishing.js'

/** Two machines with an engine each, on one store that has nothing of a fleet yet. */
export interface EngineSubject {
  readonly engines: readonly [Engine, Engine]
}

export interface EngineConformanceOptions<T extends EngineSubject = EngineSubject> {
  /** Makes them; called once for each case. */
  readonly setup: () => T | Promise<T>
  /** Ends what `setup` has made, however the case ended. */
  readonly teardown?: ((subject: T) => unknown) | undefined
}

/** One rule of an engine. */
export interface EngineCase {
  readonly name: string
  /** Rejects where the engine breaks the rule. */
  run(): Promise<void>
}

/** What a case is given. */
export interface Trial {
  readonly here: Engine
  readonly there: Engine
  /** A name that no other case has. */
  incarnation(): string
  batch(incarnation: string, number: number, more?: Partial<Batch>): Batch
  /** The changes after a position, or the end of them. */
  look(engine: Engine, after?: string): Promise<Changes>
}

export type Check = (trial: Trial) => Promise<void>

/** For what is published in a case, in ms. */
export const KEEP = 60_000

/**
 * The rules that every engine keeps, as cases for any test runner. They take a second or two of real time, where a lease ends.
 *
 * @example
 * const setup = () => {
 *   const engine = memoryEngine()
 *   return { engines: [engine, engine] as const }
 * }
 * for (const { name, run } of engineConformance({ setup })) it(name, run)
 */
export const engineConformance = <T extends EngineSubject>(
  options: EngineConformanceOptions<T>,
): readonly EngineCase[] => {
  checkNames(options, ['setup', 'teardown'])
  const { setup, teardown } = options
  expect(isFunction(setup), 'a function that gives two engines', 'setup')
  expect(teardown === undefined || isFunction(teardown), 'a function', 'teardown')
  const all: Record<string, Check> = { ...leasing, ...publishing, ...changing }
  return Object.entries(all).map(([name, check]) => ({
    name,
    run: async () => {
      const subject = await setup()
      try {
        await check(trialOf(subject.engines))
      } finally {
        await teardown?.(subject)
      }
    },
  }))
}

const trialOf = ([here, there]: readonly [Engine, Engine]): Trial => ({
  here,
  there,
  incarnation: () => `kit/${token()}`,
  batch: (incarnation, number, more = {}) => ({
    incarnation,
    number,
    record: `record ${number}`,
    first: number === 1,
    set: [],
    remove: [],
    ...more,
  }),
  look: (engine, after) =>
    engine.changes({ after, wait: 0, sure: true, signal: new AbortController().signal }),
})

export function assert(holds: boolean, rule: string): asserts holds {
  if (!holds) throw new FleetError('ENGINE_FAILED', `The engine breaks a rule: ${rule}.`)
}

/** Waits until a rule holds. */
export const until = async (holds: () => Promise<boolean>, rule: string): Promise<void> => {
  const end = performance.now() + 5_000
  while (!(await holds())) {
    assert(performance.now() < end, `${rule} (waited 5 s)`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
