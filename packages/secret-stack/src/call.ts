/**
 * Calls an sbot or an rpc, round which hooks may stand: what it throws goes to `failed`, and what it rejects with, which nobody
 * else would hear.
 */
export const call = (run: () => unknown, failed: (error: unknown) => void): void => {
  try {
    const given = run()
    if (isPromise(given)) given.then(undefined, failed)
  } catch (error) {
    failed(error)
  }
}

const isPromise = (given: unknown): given is PromiseLike<unknown> =>
  typeof (given as { then?: unknown } | null | undefined)?.then === 'function'
