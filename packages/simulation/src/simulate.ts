import { watchResources, whatStays } from './checks/real-resources.js'
import { hearUncaught } from './checks/uncaught.js'
import { type Fault, type Report, SimulationError } from './failure.js'
import { LiveWorld } from './live-world.js'
import { expect, isFunction } from './options.js'
import { createRandom } from './random.js'
import { readOptions, type Settings, type SimulateOptions } from './settings.js'
import type { Happening } from './timeline.js'
import type { Scenario } from './world.js'

/**
 * Plays a scenario in a world of its own, where no real time passes: hours take a moment, and the same seed gives the same course. Resolves with
 * a report where nothing went wrong; rejects with a `SimulationError`.
 *
 * @example
 * const { hash } = await simulate({ seed: 1, duration: 60_000 }, async (world) => {
 *   const [anna, ben] = [world.peer('anna'), world.peer('ben')]
 *   await anna.hub.connect(ben.address)
 * })
 */
export const simulate = async (options: SimulateOptions, scenario: Scenario): Promise<Report> =>
  play(readOptions(options), scenario)

/** @param onHappening Gets each line of the timeline when it happens. */
export const play = async (
  settings: Settings,
  scenario: Scenario,
  onHappening?: (happening: Happening) => void,
): Promise<Report> => {
  expect(isFunction(scenario), 'a function', 'scenario')
  const stillOpen = watchResources()
  const world = new LiveWorld(settings, onHappening)
  const { random } = Math
  Math.random = createRandom(settings.seed ^ 0x3a7)
  const stopHearing = hearUncaught(world)
  try {
    await world.play(scenario, stillOpen)
  } finally {
    stopHearing()
    Math.random = random
    world.restore()
  }
  const stays = await whatStays(stillOpen)
  const left = stays.map(
    (name): Fault => ({
      code: 'REAL_RESOURCE_LEFT',
      message: `it left ${name} of the real world open`,
    }),
  )
  const [first, ...others] = [...world.faults.all, ...left]
  if (first) throw new SimulationError([first, ...others], world.report)
  return world.report
}
