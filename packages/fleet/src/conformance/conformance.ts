import { isFunction } from '../edges/guards.js'
import { checkNames, expect } from '../edges/options.js'
import { changing } from './changing.js'
import { leasing } from './leasing.js'
import { publishing } from './publishing.js'
import { type Check, type EngineSubject, trialOf } from './trial.js'

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
      // The timers of an engine keep no process alive, and a runner may have nothing else.
      const alive = setInterval(() => {}, 60_000)
      try {
        const subject = await setup()
        try {
          await check(trialOf(subject.engines))
        } finally {
          await teardown?.(subject)
        }
      } finally {
        clearInterval(alive)
      }
    },
  }))
}
