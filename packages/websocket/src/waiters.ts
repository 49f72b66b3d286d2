interface Waiter {
  settle(error?: unknown): void
}

/** Who waits for one and the same thing to happen on a link: for an answer, or for room. */
export class Waiters {
  readonly #waiters = new Set<Waiter>()

  get any(): boolean {
    return this.#waiters.size > 0
  }

  /** Resolves when it has happened. Rejects when `signal` aborts, and when the link ends. */
  wait(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return void reject(signal.reason)
      const onAbort = () => waiter.settle(signal?.reason)
      const waiter: Waiter = {
        settle: (error) => {
          if (!this.#waiters.delete(waiter)) return
          signal?.removeEventListener('abort', onAbort)
          if (error === undefined) resolve()
          else reject(error)
        },
      }
      this.#waiters.add(waiter)
      signal?.addEventListener('abort', onAbort)
    })
  }

  /** Settles all that wait now. */
  settle(error?: unknown): void {
    for (const waiter of [...this.#waiters]) waiter.settle(error)
  }
}
