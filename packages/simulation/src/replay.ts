import type { Report } from './failure.js'
import { checkNames, expect, isFunction } from './options.js'
import { guarded, type Print } from './print.js'
import { COMMON, readOptions, type SimulateOptions } from './settings.js'
import { play } from './simulate.js'
import { formatHappening } from './timeline.js'
import type { Scenario } from './world.js'

/**
 * Plays one seed again, and prints each line of its timeline when it happens.
 *
 * @example
 * await replay({ seed: 17, duration: 60_000 }, scenario)
 */
export const replay = async (
  options: SimulateOptions & { readonly print?: Print | undefined },
  scenario: Scenario,
): Promise<Report> => {
  checkNames(options, ['seed', ...COMMON, 'print'])
  const { print = console.log, ...rest } = options
  expect(isFunction(print), 'a function', 'print')
  const reporter = guarded(print)
  const report = await play(readOptions(rest), scenario, (happening) =>
    reporter.print(formatHappening(happening)),
  )
  reporter.check()
  return report
}
