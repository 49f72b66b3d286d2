import { collectGarbage } from './clock.js'

/** In bytes, once all that can be collected has been. */
export const heapInUse = async (): Promise<number> => {
  // What one collection finalizes, only the next one frees.
  for (let round = 0; round < 4; round++) {
    await new Promise(setImmediate)
    collectGarbage()
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

/** What is being measured: nobody can collect it, and no optimizer leave it out. */
const held = new Set<unknown>()

/** How much more there is in memory after `work`, while what it returns is still held. */
export const growthBy = async (work: () => unknown): Promise<number> => {
  const before = await heapInUse()
  const made = await work()
  held.add(made)
  const growth = (await heapInUse()) - before
  held.delete(made)
  return growth
}
