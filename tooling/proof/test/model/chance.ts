/** A plain run of the tests is always the same one; `pnpm test:long` plays many more, each time others. */
export const chance = {
  runs: Number(process.env.CHANCE_RUNS ?? 400),
  seed: Number(process.env.CHANCE_SEED ?? 4711),
}
