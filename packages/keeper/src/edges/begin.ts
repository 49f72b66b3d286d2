/** Begins whole or not at all: what throws on the way leaves no listener and no timer. */
export const begin = (close: () => void, run: () => void): void => {
  try {
    run()
  } catch (error) {
    close()
    throw error
  }
}
