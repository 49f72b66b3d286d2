import { FleetError } from '../model/errors.js'
import { readRecord } from '../wire/record.js'

/** Whether the engine has what it must have of us. */
export type Standing = 'fine' | 'lost' | 'unsure'

export interface Numbers {
  /** What was confirmed when the engine was asked. */
  readonly base: number
  /** What is confirmed now. */
  readonly confirmed: number
  /** The batch that is under way. */
  readonly onItsWay: number | undefined
}

/**
 * By the number of the record that the engine has. Where that is one of a batch that failed here, nobody knows what it was written on: the
 * hash may have been gone by then.
 */
export const standingOf = (
  text: string | undefined,
  { base, confirmed, onItsWay }: Numbers,
): Standing => {
  const record = readRecord(text)
  const number = typeof record === 'object' ? record.number : 0
  if (number < base) return 'lost'
  return number <= confirmed || number === onItsWay ? 'fine' : 'unsure'
}

export const lostData = () =>
  new FleetError(
    'ENGINE_LOST_DATA',
    'The engine has lost what this machine had written: it was restarted empty or from an older copy, or another replica has taken over. All is published anew.',
  )
