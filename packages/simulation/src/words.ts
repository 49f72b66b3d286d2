/** What was thrown, in words: it may be anything, also what cannot be made a text of. */
export const textOf = (error: unknown): string => {
  try {
    return String(error)
  } catch {
    return 'something that cannot be printed'
  }
}
