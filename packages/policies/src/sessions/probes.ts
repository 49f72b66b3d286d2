import type { Session } from '@conn-hub/core'
import type { Time } from '../parts/time.js'

/** Asks sessions whether they live, each within the same time. */
export class Probes {
  readonly #time: Time
  readonly #within: number
  /** What ends each wait that is running. */
  readonly #waits = new Set<() => void>()

  /** @param within In ms. */
  constructor(time: Time, within: number) {
    this.#time = time
    this.#within = within
  }

  /** True: it has answered. One that cannot be asked is given the whole time. */
  async ask(session: Pick<Session<unknown>, 'probe'>): Promise<boolean> {
    if (!session.probe) {
      await this.wait(this.#within)
      return true
    }
    const controller = new AbortController()
    const [timeout, stopTimer] = this.#start(this.#within)
    try {
      const answer = session.probe(controller.signal).then(
        () => true,
        () => false,
      )
      return await Promise.race([answer, timeout.then(() => false)])
    } catch {
      return false
    } finally {
      stopTimer()
      controller.abort()
    }
  }

  /** In ms. */
  wait(ms: number): Promise<void> {
    return this.#start(ms)[0]
  }

  /** Nobody waits any longer. */
  stop(): void {
    for (const end of [...this.#waits]) end()
  }

  #start(ms: number): [Promise<void>, end: () => void] {
    let end = () => {}
    const over = new Promise<void>((resolve) => {
      end = () => {
        if (!this.#waits.delete(end)) return
        stopTimer()
        resolve()
      }
      this.#waits.add(end)
      const stopTimer = this.#time.after(ms, end)
    })
    return [over, end]
  }
}
