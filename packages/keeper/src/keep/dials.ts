import type { Hub } from '@conn-hub/core'
import type { Dial, Intent } from './intent.js'

/** The dials of the keeper's own: each intent has at most one. */
export class Dials {
  readonly #hub: Hub<unknown, never>
  readonly #onSettled: (intent: Intent, error: unknown) => void

  /** @param onSettled A dial is over that nobody has stopped. */
  constructor(hub: Hub<unknown, never>, onSettled: (intent: Intent, error: unknown) => void) {
    this.#hub = hub
    this.#onSettled = onSettled
  }

  begin(intent: Intent): void {
    const { address, key, rare } = intent
    const dial: Dial = { address, controller: new AbortController() }
    intent.extra.dial = dial
    const { signal } = dial.controller
    const settled = (error: unknown) => {
      if (intent.rare?.dial !== dial) return
      intent.rare.dial = undefined
      this.#onSettled(intent, error)
    }
    this.#hub
      .connect(address, { data: rare?.data as never, key, signal })
      .then(() => settled(undefined), settled)
  }

  /** The wish of the keeper ends; where somebody else wants it too, the dial goes on. */
  stop({ rare }: Intent): void {
    const dial = rare?.dial
    if (!dial) return
    rare.dial = undefined
    dial.controller.abort()
  }
}
