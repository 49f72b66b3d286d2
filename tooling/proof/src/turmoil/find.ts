import { type SimulationError, simulate } from '@conn-hub/simulation'
import { FEW, turmoil } from './scenario.js'

/** The first seed with which something is broken, and what. */
export interface Found {
  readonly seed: number
  readonly code: string
  readonly message: string
}

/** Plays one seed after another. Unlike `explore()`, it does not look for the shortest course. */
export const findFailure = async (seeds: number): Promise<Found | undefined> => {
  for (let seed = 0; seed < seeds; seed++) {
    try {
      await simulate({ seed, duration: 120_000 }, turmoil(FEW))
    } catch (error) {
      const { code, message } = error as SimulationError
      return { seed, code, message }
    }
  }
  return undefined
}
