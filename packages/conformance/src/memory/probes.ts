type End = (error?: unknown) => void

/** The probes of one end of a link that nobody has answered yet. */
export class Probes {
  readonly #running = new Set<End>()

  /** `ask` sends the question, and calls back when the answer has come. */
  run(ask: (answered: () => void) => void, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      const onAbort = () => end(signal.reason)
      const end: End = (error) => {
        signal.removeEventListener('abort', onAbort)
        if (!this.#running.delete(end)) return
        if (error === undefined) resolve()
        else reject(error)
      }
      signal.addEventListener('abort', onAbort)
      this.#running.add(end)
      ask(() => end())
    })
  }

  /** The link has closed: no answer will come. */
  end(error: Error): void {
    for (const end of this.#running) end(error)
  }
}
