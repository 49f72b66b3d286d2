import type { TestContext } from 'vitest'
import type { ConformanceCase } from '../src/index.js'

/** Runs a case as a test; one that has nothing to judge is left out, and the report says why. */
export const judge =
  ({ run }: ConformanceCase) =>
  async ({ skip }: TestContext): Promise<void> => {
    const lacks = await run()
    if (lacks !== undefined) skip(lacks)
  }
