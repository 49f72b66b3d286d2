import type { Address } from '@conn-hub/core'
import type { PortSession } from './port.js'

/** One end of a link, and what its `onClosed` has told one listener. */
export class End<S> {
  readonly address: Address
  readonly session: PortSession<S>
  readonly told: { readonly error: unknown; readonly reason: unknown }[] = []

  constructor(address: Address, session: PortSession<S>) {
    this.address = address
    this.session = session
    session.onClosed((error, reason) => this.told.push({ error, reason }))
  }

  /** How often it was told. */
  get closed(): number {
    return this.told.length
  }
}
