import type { Address, Change, Connection } from '@conn-hub/core'

/**
 * Tells which changes go on from a snapshot. One that is taken inside a delivery is ahead of the changes that are still to be told, and
 * those must not be counted twice.
 */
export const newsSince = (
  snapshot: readonly Connection<unknown>[],
): ((change: Change<unknown>) => boolean) => {
  let ahead: Map<Address, Connection<unknown> | 'told'> | undefined = new Map(
    snapshot.map((entry) => [entry.address, entry]),
  )
  // A delivery is over before any promise goes on.
  Promise.resolve().then(() => {
    ahead = undefined
  })
  return ({ before, after }) => {
    const address = (after ?? before)?.address
    if (!ahead || address === undefined) return true
    const has = ahead.get(address)
    if (has === 'told') return true
    if (has === before || (has && has === after)) ahead.set(address, 'told')
    return has === before
  }
}
