import type { HubError } from '@conn-hub/core'
import { peerDown } from './errors.js'
import type { FakeTime } from './time/fake-time.js'
import type { Life } from './time/life.js'

interface Call {
  readonly life: Life
  readonly what: string
  readonly lose: (error: HubError) => void
}

/** The calls of hubs that the scenario has made, and that have not settled. */
export class Calls {
  readonly #time: FakeTime
  readonly #pending = new Set<Call>()

  constructor(time: FakeTime) {
    this.#time = time
  }

  /**
   * Follows a call. What it gives settles in a step of the world, and not of the peer: what the scenario does then is not the peer's.
   */
  follow<T>(life: Life, what: string, promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const call: Call = { life, what, lose: (error) => settle(() => reject(error)) }
      const settle = (how: () => void) => {
        if (this.#pending.delete(call)) this.#time.after(undefined, 0, how)
      }
      this.#pending.add(call)
      promise.then(
        (value) => settle(() => resolve(value)),
        (error) => settle(() => reject(error)),
      )
    })
  }

  /** The process that would have settled them is gone. */
  lose(life: Life): void {
    for (const call of this.#pending) if (call.life === life) call.lose(peerDown(life.name))
  }

  get pending(): string[] {
    return [...this.#pending].map(
      ({ life: { name, state }, what }) =>
        `${name}${state === 'asleep' ? ' (asleep)' : ''}: ${what}`,
    )
  }
}
