/** Chance that is the same for each seed: from 0 to below 1. */
export const chanceOf = (seed: number) => (): number => {
  seed = (seed + 0x6d2b79f5) | 0
  let word = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  word = (word + Math.imul(word ^ (word >>> 7), 61 | word)) ^ word
  return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32
}
