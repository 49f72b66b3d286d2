/** Adds to the end, and lets the oldest go beyond `limit`. In steps, because each cut moves all that stays. */
export const pushBounded = <T>(list: T[], items: readonly T[], limit: number): void => {
  list.push(...items)
  if (list.length > limit * 1.1) list.splice(0, list.length - limit)
}
