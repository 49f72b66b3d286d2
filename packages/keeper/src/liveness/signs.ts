import type { Session } from '@conn-hub/core'

// What transports give is foreign: it may throw, and it may be nonsense.

export const canProbe = (session: Session<unknown>): boolean => {
  try {
    return typeof session.probe === 'function'
  } catch {
    return false
  }
}

/**
 * When anything came last, as the transport says it. That it has changed is the sign of life, and not how it compares to the clock, which may have
 * been set back, or be another one.
 */
export const heardAtOf = (session: Session<unknown>): number | undefined => {
  try {
    const heardAt = session.traffic?.().heardAt ?? -1
    return Number.isFinite(heardAt) && heardAt >= 0 ? heardAt : undefined
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
