/** How long the chains of microtasks are that are followed. */
export const GENERATIONS = 16

/**
 * Runs before, or after, all microtasks that are queued between this call and the next one of its like, and then before or after all that those
 * have queued: microtasks run in the order in which they were queued, generation by generation.
 */
export const eachGeneration = (run: () => void, left: number): void => {
  if (left === 0) return
  Promise.resolve().then(() => {
    run()
    eachGeneration(run, left - 1)
  })
}
