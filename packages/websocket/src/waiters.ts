/** Who waits for one and the same thing to happen on a link: for an answer, or for room. */
export class Waiters {
  readonly #settlers = new Set<(error?: unknown) => void>()

  /** Resolves when it has happened. Rejects when `signal` aborts, and when the link ends. */
  wait(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (error?: unknown): void => {
        this.#settlers.delete(settle)
        signal?.removeEventListener('abort', onAbort)
        if (error === undefined) resolve()
        else reject(error)
      }
      const onAbort = (): void => settle(signal?.reason ?? new Error('Nobody waits any more.'))
      if (signal?.aborted) return onAbort()
      this.#settlers.add(settle)
      signal?.addEventListener('abort', onAbort)
    })
  }

  /** Settles all that wait now. */
  settle(error?: unknown): void {
    for (const settle of [...this.#settlers]) settle(error)
  }
}
