import type { Address, Hub, PeerKey, State } from '@conn-hub/core'
import type { Sbot, SbotRpc } from '@conn-hub/testkit'
import type { Calls } from './calls.js'

/** How a node is. All of it can be sent to another process. */
export interface Report {
  readonly id: PeerKey
  readonly entries: readonly {
    readonly address: Address
    readonly state: State
    readonly key: PeerKey | undefined
    readonly sessions: number
  }[]
  /** How many rpcs to others the sbot has open, by key. */
  readonly rpcs: Readonly<Record<PeerKey, number>>
  /** Addresses of rpcs that the hub has and the sbot has not, and the other way round: by identity. */
  readonly ghosts: readonly string[]
  readonly orphans: readonly string[]
  readonly pending: number
  /** How many calls ended how. */
  readonly ended: Readonly<Record<string, number>>
  /** What happened, as short lines: `connected net:…`. */
  readonly events: readonly string[]
  /** Promises of the hub that were broken. */
  readonly broken: readonly string[]
  /** What the hub told `onError`. */
  readonly errors: readonly string[]
  /** Listeners at the sbot, its rpcs and the signal that all calls share. */
  readonly listeners: number
  /** Of the whole process. */
  readonly sockets: number
}

export interface Subject {
  readonly sbot: Sbot
  readonly hub: Hub<SbotRpc>
  readonly calls: Calls
  readonly errors: readonly string[]
  readonly lines: readonly string[]
  readonly broken: readonly string[]
}

export const reportOn = (
  { sbot, hub, calls, errors, lines, broken }: Subject,
  listeners: number,
): Report => {
  const open = rpcsOf(sbot)
  const tracked = [...hub.entries()].flatMap(({ sessions }) => sessions.map(({ handle }) => handle))
  return {
    id: sbot.id,
    entries: [...hub.entries()].map(({ address, state, key, sessions }) => ({
      address,
      state,
      key,
      sessions: sessions.length,
    })),
    rpcs: countBy(open, ({ id }) => id),
    ghosts: tracked.filter((rpc) => !open.includes(rpc)).map(nameOf),
    orphans: open.filter((rpc) => !tracked.includes(rpc)).map(nameOf),
    pending: calls.pending,
    ended: { ...calls.ended },
    events: [...lines],
    broken: [...broken],
    errors: [...errors],
    listeners,
    sockets: process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length,
  }
}

/** What happened, without the addresses. */
export const typesOf = ({ events }: Report): string[] =>
  events.map((line) => line.slice(0, line.indexOf(' ')))

/** The rpcs to others that the sbot has now. */
export const rpcsOf = ({ ssb }: Sbot): SbotRpc[] =>
  Object.entries(ssb.peers).flatMap(([id, rpcs]) => (id === ssb.id ? [] : rpcs))

const nameOf = ({ stream }: SbotRpc): string => stream.address

export const countBy = <T>(
  items: readonly T[],
  keyOf: (item: T) => string,
): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const item of items) counts[keyOf(item)] = (counts[keyOf(item)] ?? 0) + 1
  return counts
}
