import { token } from '../edges/options.js'
import type { Batch, Changes, Engine } from '../model/engine.js'
import { FleetError } from '../model/errors.js'

/** Two machines with an engine each, on one store that has nothing of a fleet yet. */
export interface EngineSubject {
  readonly engines: readonly [Engine, Engine]
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

export const trialOf = ([here, there]: readonly [Engine, Engine]): Trial => ({
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
  look: (engine, after) => engine.changes({ after, wait: 0, signal: new AbortController().signal }),
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
