import type { Session } from '@conn-hub/core'

// What transports give is foreign: it may throw, and it may be nonsense.

export const canProbe = (session: Session<unknown>): boolean => {
  try {
    return typeof session.probe === 'function'
  } catch {
    return false
  }
}

/** When anything came last, where that was after `since`; in ms since 1970. */
export const heardAfter = (
  session: Session<unknown>,
  since: number,
  now: number,
): number | undefined => {
  try {
    const heardAt = session.traffic?.().heardAt
    // A time that is still to come says that the clocks differ, and that something came.
    return typeof heardAt === 'number' && heardAt > since ? Math.min(heardAt, now) : undefined
  } catch {
    return undefined
  }
}

/** Asks; `answered` is called when the other side has answered, `failed` when the link has closed or could not ask. */
export const ask = (
  session: Session<unknown>,
  signal: AbortSignal,
  answered: () => void,
  failed: () => void = () => {},
): void => {
  try {
    Promise.resolve(session.probe?.(signal)).then(answered, failed)
  } catch {
    failed()
  }
}
