import type { Address, DialAttempt, Inbound, Session } from '@conn-hub/core'

/** A session that asks to pass a policy. */
export interface Asking<S> {
  readonly address: Address
  readonly session: Session<S>
  /** The dial that it answers; none: others have opened it. */
  readonly attempt: DialAttempt<S> | undefined
  /** Hands it on to the next layer. */
  readonly goOn: () => void
}

export const asArrival = <S>(
  inbound: Inbound<S>,
  accept: (inbound: Inbound<S>) => void,
): Asking<S> => {
  const { address, session } = inbound
  return { address, session, attempt: undefined, goOn: () => accept(inbound) }
}

export const asAnswer = <S>(
  address: Address,
  attempt: DialAttempt<S>,
  session: Session<S>,
): Asking<S> => ({ address, session, attempt, goOn: () => attempt.succeed(session) })
