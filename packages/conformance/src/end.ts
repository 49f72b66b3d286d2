import type { Address, Session } from '@conn-hub/core'
import { atMost } from './settle.js'

/** The reason of most closes. */
export const REASON = 'the case goes on'

/** One end of a link, and what its `onClosed` has told one listener. */
export class End<S> {
  readonly address: Address
  readonly session: Session<S>
  readonly told: { readonly error: unknown; readonly reason: unknown }[] = []

  constructor(address: Address, session: Session<S>) {
    this.address = address
    this.session = session
    session.onClosed((error, reason) => this.told.push({ error, reason }))
  }

  /** How often it was told. */
  get closed(): number {
    return this.told.length
  }
}

/** Closes what a case has left open. It may have closed already, or be what the case complains of. */
export const closeQuietly = (session: Session<unknown>, patience: number): Promise<void> => {
  const closed = () => new Promise((resolve) => session.onClosed(resolve))
  return atMost(patience, () => Promise.race([session.close(REASON), closed()]))
}
