import { contradicts, type Entry, type Link, shown, type Told } from './parts.js'
import { Timers } from './timers.js'

/** How a link ended. */
export interface Ending {
  readonly error?: string | undefined
  readonly reason?: string | undefined
  readonly asked?: string | undefined
}

/** The entries, and what is told of them. */
export class Table {
  readonly entries = new Map<string, Entry>()
  /** Every link there was, in the order in which they opened. */
  readonly links: Link[] = []
  readonly told: Told[] = []
  readonly timers = new Timers()
  /** What happens as soon as the running call has returned. */
  readonly soon: (() => void)[] = []
  closed = false

  tell(told: Told): void {
    this.told.push(told)
  }

  entryOf(link: Link): Entry | undefined {
    const entry = this.entries.get(link.address)
    return entry?.links.includes(link) ? entry : undefined
  }

  begin(address: string, key: string | undefined, data: object | undefined): Entry {
    const entry: Entry = { address, key, state: 'connecting', links: [], data: { ...data } }
    this.entries.set(address, entry)
    this.tell({ type: 'connecting', address, key })
    return entry
  }

  /** A link comes into its entry, if it may. */
  adopt(link: Link): 'disconnecting' | 'wrong-peer' | undefined {
    const { address, direction, index: session } = link
    const known = this.entries.get(address)
    if (known?.state === 'disconnecting') return 'disconnecting'
    if (contradicts(known ? known.key : nameOf(address), link.key)) return 'wrong-peer'
    const entry = known ?? {
      address,
      key: nameOf(address),
      state: 'connected',
      links: [],
      data: {},
    }
    entry.key = link.key ?? entry.key
    const isFirst = entry.links.push(link) === 1
    entry.state = 'connected'
    entry.waits = undefined
    this.entries.set(address, entry)
    const { key } = entry
    if (isFirst) this.tell({ type: 'connected', address, key, session, direction })
    this.tell({ type: 'session', address, key, session, direction })
    return undefined
  }

  /** A link is gone from its entry. Whether it was the last. */
  remove(entry: Entry, link: Link, { error, reason, asked }: Ending): boolean {
    const { address, key, links } = entry
    links.splice(links.indexOf(link), 1)
    const ours = entry.disconnect?.reason ?? asked
    const how = {
      reason: ours ?? (reason ? shown(reason) : 'session-closed'),
      initiator: ours === undefined ? 'remote' : 'local',
      error,
    } as const
    const { index: session, direction } = link
    this.tell({ type: 'session-closed', address, key, session, direction, ...how })
    if (links.length > 0) return false
    this.tell({ type: 'disconnected', address, key, ...how })
    return true
  }
}

/** The key that an address names. */
export const nameOf = (address: string): string | undefined => {
  const name = address.slice('fault:'.length)
  return name === 'anonymous' ? undefined : name
}
