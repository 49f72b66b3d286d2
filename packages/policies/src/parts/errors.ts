import { HubError } from '@conn-hub/core'

/** Why a policy turned a dial away: the `code` of the `cause` of `DIAL_FAILED`. */
export type PolicyCode =
  | 'QUEUE_FULL'
  | 'QUEUE_TIMEOUT'
  | 'LIMIT_OUTBOUND'
  | 'LIMIT_INBOUND'
  | 'LIMIT_PER_KEY'
  | 'GATE_REFUSED'
  | 'GATE_TIMEOUT'
  | 'GATE_FAILED'
  | 'DRAINING'

/** What a dial fails with that a policy has turned away. */
export const dialRefused = (code: PolicyCode, what: string, cause?: unknown): HubError =>
  new HubError('DIAL_FAILED', `Could not connect: ${what}`, {
    cause: new HubError(code, what, cause === undefined ? undefined : { cause }),
  })

/** A promise that nobody may be told of. */
export const ignore = (): void => {}

/** What was thrown, in a few words. It may be anything. */
export const textOf = (error: unknown): string => {
  try {
    return String(error instanceof Error ? error.message : error).slice(0, 200)
  } catch {
    return 'an error that cannot be printed'
  }
}
