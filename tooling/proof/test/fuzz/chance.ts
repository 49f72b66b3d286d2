/** A plain run of the tests is always the same one; `pnpm test:fuzz` makes more, each time others. */
export const chance = {
  numRuns: Number(process.env.CHANCE_RUNS ?? 500),
  seed: Number(process.env.CHANCE_SEED ?? 1),
}
