/** The same numbers at each run. */
export const createRandom = () => {
  let state = 20
  /** From 0 to below 1. */
  const random = (): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  return { random, pick }
}
