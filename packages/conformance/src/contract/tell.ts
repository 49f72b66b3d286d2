import { type Address, HubError, printable } from '@conn-hub/core'

/** The promises that can be seen from outside. */
export const PROMISES = {
  1: 'grammar',
  2: 'one order',
  3: 'the entries are the fold of the events',
  4: 'everything settles',
  5: 'late is never adopted',
  6: 'no ghost, no orphan',
  8: 'slow readers cost the same as fast ones',
  10: 'the end is the end',
  11: 'identity',
} as const

/** Tells which promise is broken, what was seen, and where. */
export type Tell = (promise: keyof typeof PROMISES, seen: string, address?: Address) => void

export const toError = (
  promise: keyof typeof PROMISES,
  seen: string,
  address: Address | undefined,
): HubError => {
  const where = address === undefined ? '' : ` (${printable(address)})`
  return new HubError(
    'CONTRACT_BROKEN',
    `Promise ${promise} of the hub is broken, "${PROMISES[promise]}": ${seen}${where}. The hub or its transport is at fault: please report it.`,
  )
}
