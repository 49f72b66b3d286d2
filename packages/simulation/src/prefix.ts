import { type Report, SimulationError } from './failure.js'

/**
 * Looks for the shortest beginning of a course that still fails in the same way. Gives its failure, and how long it is, in ms.
 *
 * @param play Plays the course, and lets nothing happen after so many ms.
 */
export const findShortest = async (
  failure: SimulationError,
  play: (until: number) => Promise<Report>,
): Promise<{ readonly failure: SimulationError; readonly until: number }> => {
  // Right after something has happened.
  const ends = [...new Set(failure.report.timeline.map(({ at }) => at + 1))].sort((a, b) => a - b)
  let shortest = { failure, until: failure.report.endedAt }
  const fails = async (until: number): Promise<boolean> => {
    const again = await failureOf(() => play(until))
    if (again?.code !== failure.code) return false
    shortest = { failure: again, until }
    return true
  }
  // Bisection: what fails with a longer beginning need not fail with a shorter one, but mostly does.
  let [passes, failing] = [-1, ends.length]
  while (failing - passes > 1) {
    const middle = (passes + failing) >> 1
    if (await fails(ends[middle] ?? 0)) failing = middle
    else passes = middle
  }
  return shortest
}

export const failureOf = async (
  run: () => Promise<Report>,
): Promise<SimulationError | undefined> => {
  try {
    await run()
    return undefined
  } catch (error) {
    if (error instanceof SimulationError) return error
    throw error
  }
}
