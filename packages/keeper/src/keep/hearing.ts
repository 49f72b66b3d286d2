import type { Address, Change, Hub, Metadata, Session } from '@conn-hub/core'
import type { End } from './ends.js'
import type { Intent } from './intent.js'
import { type Links, provedBy } from './links.js'
import type { Rules } from './rules.js'

/** What the hub tells, and whom it concerns. */
export class Hearing {
  readonly #hub: Pick<Hub<unknown, never>, 'closed'>
  readonly #links: Links
  readonly #rules: Rules

  constructor(hub: Pick<Hub<unknown, never>, 'closed'>, links: Links, rules: Rules) {
    this.#hub = hub
    this.#links = links
    this.#rules = rules
  }

  /** Somebody dials: where it was paused, that is over, for the last wish counts. */
  dialBegan(address: Address): void {
    const intents = [...this.#links.at(address)]
    if (intents.some(({ rare }) => rare?.dial?.address === address)) return
    resume(intents)
  }

  /** Somebody has reached the peer, at whatever address. */
  opened({ direction, key }: Pick<Session<unknown>, 'direction' | 'key'>): void {
    if (direction === 'outbound') resume(this.#links.of(key))
  }

  /** A dial of somebody else has failed. Of our own we hear by its promise. */
  dialFailed(address: Address, error: unknown): void {
    for (const intent of [...this.#links.at(address)]) {
      const isOpen = intent.openedAt !== undefined
      if (intent.key === undefined && !isOpen && !intent.rare?.dial)
        this.#rules.failed(intent, error)
    }
  }

  /** An entry has changed. Looks at all whom it may concern. */
  changed({ before, after }: Change<unknown>, told: End | undefined): void {
    if (before?.state === after?.state && before?.sessions === after?.sessions) return
    const address = (after ?? before)?.address
    if (address === undefined || this.#hub.closed) return
    // Where the stack was full, one can be left over from another entry.
    const end = told?.address === address ? told : undefined
    if (!after && end?.key !== undefined && end.reason === 'duplicate')
      this.#links.takeStandIns(address, end.key)
    for (const intent of [...this.#links.at(address)]) {
      const ours = intent.rare?.dial?.address
      const isDialed = ours === undefined ? intent.key === undefined : ours === address
      this.#rules.look(intent, end, isDialed)
    }
    for (const key of new Set([...provedBy(before), ...provedBy(after)]))
      for (const intent of [...this.#links.of(key)]) this.#rules.look(intent, end)
  }
}

const resume = (intents: Iterable<Intent>): void => {
  for (const { rare } of intents) if (rare) rare.isPaused = false
}

/** One step of an entry is told in parts, one right after the other: how it ended, then the change. Gives what ends it. */
export const hear = <S, D extends Metadata>(hub: Hub<S, D>, hearing: Hearing): (() => void)[] => {
  let end: End | undefined
  return [
    hub.on('connecting', ({ address }) => hearing.dialBegan(address)),
    hub.on('connecting-failed', ({ address, error }) => hearing.dialFailed(address, error)),
    hub.on('session', ({ session }) => hearing.opened(session)),
    hub.on('session-closed', ({ address, reason, initiator, error, session }) => {
      end = { address, reason, initiator, error, key: session.key, hadSession: true }
    }),
    hub.on('disconnected', ({ address, reason, initiator, error }) => {
      if (end?.address === address) return
      end = { address, reason, initiator, error, key: undefined, hadSession: false }
    }),
    hub.on('change', (change) => {
      const ended = end
      end = undefined
      hearing.changed(change as Change<unknown>, ended)
    }),
  ]
}
