import type { Hub } from '@conn-hub/core'
import type { Sbot, SbotRpc } from '@conn-hub/testkit'
import { expect } from 'vitest'

/** The rpcs to others that the sbot has now. */
export const rpcsOf = ({ ssb }: Sbot): SbotRpc[] =>
  Object.entries(ssb.peers).flatMap(([id, rpcs]) => (id === ssb.id ? [] : rpcs))

/** The rpcs that the hub has in its entries. */
export const handlesOf = (hub: Hub<SbotRpc>): SbotRpc[] =>
  [...hub.entries()].flatMap(({ sessions }) => sessions.map(({ handle }) => handle))

/** No ghost, no orphan: the entries of the hub and the sbot's own list have the very same rpcs. */
export const expectAgreement = (hub: Hub<SbotRpc>, sbot: Sbot): void => {
  const [tracked, open] = [handlesOf(hub), rpcsOf(sbot)]
  const name = ({ stream }: SbotRpc) => stream.address
  expect({
    ghosts: tracked.filter((rpc) => !open.includes(rpc)).map(name),
    orphans: open.filter((rpc) => !tracked.includes(rpc)).map(name),
  }).toEqual({ ghosts: [], orphans: [] })
  expect(tracked).toHaveLength(open.length)
}
