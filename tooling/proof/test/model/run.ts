import { anyReentrantStep, anyStep, type CloseBehaviour, type Step } from '@conn-hub/testkit'
import fc from 'fast-check'
import { Oracle } from './oracle.js'
import { toCode } from './scenario.js'
import { type Expectation, StepCommand } from './step-command.js'
import { World } from './world.js'

const WAYS: readonly CloseBehaviour[] = ['at-once', 'at-once', 'later', 'throw', 'reject', 'refuse']
const MAX_STEPS = 40

const close: fc.Arbitrary<Step> = fc.constant({ do: 'close' })
const withAnEnd = (arbitrary: fc.Arbitrary<Step>): fc.Arbitrary<Step> =>
  fc.oneof({ weight: 60, arbitrary }, { weight: 1, arbitrary: close })

/** `sequential`: one call comes after the other, and the oracle foretells all. `reentrant`: handlers call the hub too. */
export const MODES = {
  sequential: withAnEnd(anyStep(WAYS)),
  reentrant: withAnEnd(anyReentrantStep(WAYS)),
}

export interface ModelOptions {
  readonly mode: keyof typeof MODES
  readonly runs: number
  readonly seed: number
}

/** Plays stories by chance. Throws at the first that the hub fails, made as short as can be. */
export const runModel = async ({ mode, runs, seed }: ModelOptions): Promise<void> => {
  let shortest: Step[] = []
  const commands = fc.commands([MODES[mode].map((step) => new StepCommand(step))], {
    maxCommands: MAX_STEPS,
    size: 'max',
  })
  const property = fc.asyncProperty(commands, async (all) => {
    const played: Step[] = []
    const world = await World.create((step) => played.push(step))
    try {
      const model: Expectation = { oracle: new Oracle() }
      await fc.asyncModelRun(() => ({ model, real: world }), all)
      await world.finish(model.oracle)
    } catch (error) {
      shortest = played
      throw error
    } finally {
      world.end()
    }
  })
  const { failed, errorInstance } = await fc.check(property, { seed, numRuns: runs })
  if (failed) {
    const message = `The hub failed (${mode}, seed ${seed}). As a test:\n\n${toCode(shortest)}\n`
    throw new Error(message, { cause: errorInstance })
  }
}
