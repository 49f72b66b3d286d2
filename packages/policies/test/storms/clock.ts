/** A clock that somebody sets. */
export const createClock = () => {
  let ahead = 0
  return {
    now: () => Date.now() + ahead,
    setTimeout: (run: () => void, ms: number) => setTimeout(run, ms),
    clearTimeout: (timer: unknown) => clearTimeout(timer as never),
    jump: (ms: number) => {
      ahead += ms
    },
  }
}
