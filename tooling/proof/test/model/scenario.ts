import type { Step } from '@conn-hub/testkit'
import { Oracle } from './oracle.js'
import { type Expectation, StepCommand } from './step-command.js'
import { World } from './world.js'

/** Plays steps, and throws where the hub breaks a promise, or does otherwise than the oracle says. */
export const holds = async (steps: readonly Step[]): Promise<void> => {
  const world = await World.create()
  const expectation: Expectation = { oracle: new Oracle() }
  try {
    for (const step of steps) await new StepCommand(step).run(expectation, world)
    await world.finish(expectation.oracle)
  } finally {
    world.end()
  }
}

/** Steps as code, to be pasted into a test. */
export const toCode = (steps: readonly Step[]): string =>
  `holds([\n${steps.map((step) => `  ${literal(step)},\n`).join('')}])`

const literal = (value: unknown): string => {
  if (typeof value === 'string') return quoted(value)
  if (typeof value !== 'object' || value === null) return String(value)
  const fields = Object.entries(value).filter(([, field]) => field !== undefined)
  return `{ ${fields.map(([name, field]) => `${name}: ${literal(field)}`).join(', ')} }`
}

const quoted = (text: string): string =>
  `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
