import type { Address, Direction } from '@conn-hub/core'
import { FaultSession } from './fault.js'
import type { Place, Proves, Step } from './steps.js'

/** A session of a story, in whose methods something may happen. */
export class StorySession extends FaultSession {
  readonly address: Address
  /** It was destroyed although it had told its end, or for a second time. */
  destroyedInVain = false
  readonly #reached: (place: Place) => void

  constructor(
    address: Address,
    direction: Direction,
    { closes, destroys = 'none', proves = 'named' }: Extract<Step, { do: 'inbound' | 'answer' }>,
    reached: (place: Place) => void,
  ) {
    super(direction, keyOf(address, proves))
    this.address = address
    this.onClose = closes
    this.onDestroy = destroys
    this.#reached = reached
  }

  override close(reason?: string): void | Promise<void> {
    this.#reached('close()')
    return super.close(reason)
  }

  override get destroy(): (() => void) | undefined {
    const destroy = super.destroy
    return (
      destroy &&
      (() => {
        if (!this.isOpen || this.destroyCalls > 0) this.destroyedInVain = true
        this.#reached('destroy()')
        destroy()
      })
    )
  }

  override onClosed(listener: (error?: unknown, reason?: string) => void): void {
    this.#reached('onClosed()')
    super.onClosed(listener)
  }
}

const keyOf = (address: Address, proves: Proves): string | undefined => {
  const name = address.slice('fault:'.length)
  const named = name === 'anonymous' ? undefined : name
  return { named, other: 'other', none: undefined, ours: 'me' }[proves]
}
