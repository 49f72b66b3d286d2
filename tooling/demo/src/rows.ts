import type { Connection, ConnectionEvent, Direction, Hub } from '@conn-hub/core'

export interface Row {
  readonly address: string
  readonly state: Connection<unknown>['state'] | 'disconnected'
  readonly direction: Direction | 'both' | ''
  readonly kind: string
  /** In ms since 1970. */
  readonly since: number
  readonly last: ConnectionEvent<unknown> | undefined
}

/** How long one sees that a peer has gone, in ms, and how many of those at most. */
const GONE = { shownFor: 5_000, atMost: 5 }

/** What there is to see of a hub: its entries, and who has gone just now. */
export class Rows {
  readonly #hub: Hub<unknown>
  readonly #last = new Map<string, ConnectionEvent<unknown>>()

  constructor(hub: Hub<unknown>) {
    this.#hub = hub
    hub.on('*', (event) => {
      this.#last.delete(event.address)
      this.#last.set(event.address, event)
    })
  }

  now(at = Date.now()): Row[] {
    this.#forget(at)
    const open = this.#hub.snapshot().map((entry) => this.#openRow(entry))
    return [...open, ...this.#gone().map(goneRow)]
  }

  #openRow({ address, state, kind = '', since, sessions }: Connection<unknown>): Row {
    const directions = new Set(sessions.map(({ direction }) => direction))
    const [only = ''] = directions
    const direction = directions.size > 1 ? 'both' : only
    return { address, state, direction, kind, since, last: this.#last.get(address) }
  }

  #gone(): ConnectionEvent<unknown>[] {
    return [...this.#last.values()].filter(({ address }) => !this.#hub.get(address))
  }

  #forget(at: number): void {
    const gone = this.#gone()
    gone.forEach((event, index) => {
      const isOld = at - event.at > GONE.shownFor || index < gone.length - GONE.atMost
      if (isOld) this.#last.delete(event.address)
    })
  }
}

const goneRow = (event: ConnectionEvent<unknown>): Row => ({
  address: event.address,
  state: 'disconnected',
  direction: '',
  kind: '',
  since: event.at,
  last: event,
})
