import type { Address, Change, Connection, ConnectionEvent } from '@conn-hub/core'
import { toPlainError } from '../plain/event.js'
import { MAX, Truncator } from '../plain/truncator.js'
import type { PlainError } from '../protocol.js'

/** What is kept of so many peers; who has been quiet for longest goes first. */
export const DOWN_LIMIT = 500

/** What a name is made of: an entry without its sessions. */
export type Labelled = Pick<Connection<unknown>, 'address' | 'key' | 'kind' | 'data'>

/** A peer that is lost, or that cannot be reached. */
export interface Down {
  readonly of: Labelled
  /** When it was lost, or first could not be reached, in ms since 1970. */
  readonly since: number
  /** When the last try ended, or the link broke, in ms since 1970. */
  readonly lastAt: number
  /** How many tries have failed since then. */
  readonly tries: number
  /** A try is under way. */
  readonly isTrying: boolean
  readonly reason: string | undefined
  readonly error: PlainError | undefined
  /** Counts the changes of this list. */
  readonly version: number
}

/**
 * Who is down: a link that broke or that the other side ended, and a dial that failed, until a session is open again or somebody here
 * says that it is not wanted. A visitor that leaves as it should is not lost.
 */
export const createDownList = () => {
  const peers = new Map<Address, Down>()
  /** Those that are down no more, with the version in which they left. */
  const gone: { readonly address: Address; readonly version: number }[] = []
  let version = 0
  /** Up to this version, not all that left is known. */
  let forgotten = 0
  let last: ConnectionEvent<unknown> | undefined

  const remove = (address: Address) => {
    if (!peers.delete(address)) return
    gone.push({ address, version: ++version })
    if (gone.length > DOWN_LIMIT) forgotten = gone.shift()?.version ?? 0
  }
  const set = (peer: Omit<Down, 'version'>) => {
    const { address } = peer.of
    peers.delete(address)
    peers.set(address, { ...peer, version: ++version })
    if (peers.size > DOWN_LIMIT) remove(peers.keys().next().value as Address)
  }
  const fail = (before: Connection<unknown>, event: ConnectionEvent<unknown>) => {
    const { address, at } = event
    const known = peers.get(address)
    const isDial = event.type === 'connecting-failed'
    set({
      of: { address, key: before.key, kind: before.kind, data: before.data },
      since: known?.since ?? at,
      lastAt: at,
      tries: (known?.tries ?? 0) + (isDial ? 1 : 0),
      isTrying: false,
      reason: 'reason' in event ? new Truncator().text(event.reason, MAX.text) : known?.reason,
      error: 'error' in event && event.error ? toPlainError(event.error) : known?.error,
    })
  }

  return {
    peers: peers as ReadonlyMap<Address, Down>,
    get version() {
      return version
    },
    /** The event of a step comes right before its change. */
    event: (event: ConnectionEvent<unknown>): void => {
      last = event
    },
    change: ({ before, after }: Change<unknown>): void => {
      const known = after && peers.get(after.address)
      if (after?.state === 'connected') remove(after.address)
      else if (known && after.state === 'connecting') set({ ...known, isTrying: true })
      else if (!after && before && last?.address === before.address) {
        const former = peers.get(before.address)
        if (isLoss(last, before)) fail(before, last)
        // Who gave up waiting does not say that it is not wanted.
        else if (former && 'reason' in last && last.reason === 'aborted')
          set({ ...former, isTrying: false })
        else remove(before.address)
      }
      // It may hold a session.
      last = undefined
    },
    /** What changed after a version; `all`: what is not in `set` is down no more. */
    since: (known: number) => ({
      set: [...peers.values()].filter((peer) => peer.version > known),
      gone: gone.filter((one) => one.version > known).map(({ address }) => address),
      all: known < forgotten,
    }),
  }
}

const isLoss = (event: ConnectionEvent<unknown>, before: Connection<unknown>): boolean => {
  if (event.type === 'connecting-failed') return true
  if (event.type !== 'disconnected') return false
  if (event.initiator === 'local') return event.reason === 'unresponsive'
  const dialed = before.sessions.some(({ direction }) => direction === 'outbound')
  return event.error !== undefined || dialed
}
