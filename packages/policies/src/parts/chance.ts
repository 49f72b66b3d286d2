/** A function that gives 0 to 1. What gives anything else would be no time to wait for: a timer without end, or one that never fires. */
export const chanceOf =
  (random: () => number = Math.random) =>
  (): number => {
    try {
      const chance = random()
      if (chance >= 0 && chance <= 1) return chance
    } catch {
      // As if it had said nothing.
    }
    return Math.random()
  }
