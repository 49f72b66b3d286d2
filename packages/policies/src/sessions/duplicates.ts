import type { Address, Direction, HubSide, PeerKey, Session } from '@conn-hub/core'
import { ignore } from '../parts/errors.js'
import { isKnown } from '../parts/reading.js'
import type { Time } from '../parts/time.js'
import { Probes } from './probes.js'

/** One of several sessions with the same peer. */
interface Link<S> {
  readonly address: Address
  readonly session: Session<S>
  readonly direction: Direction
}

/**
 * Whether two links with one peer become one, and which. Only one side may decide: else each closes what the other one keeps. The rules:
 * - The lower key keeps a link that it has dialed, and closes all others.
 * - The higher key closes of those that it has dialed itself all but the newest.
 * - Nothing is closed before the one that stays has answered.
 * So whatever one side keeps, the other one never closes.
 */
export class Duplicates<S> {
  readonly #isLower: (key: PeerKey) => boolean
  readonly #settle: number
  readonly #probes: Probes
  /** The order in which they came, of those that were not alone: two may come in the same millisecond. */
  readonly #numbers = new WeakMap<Session<S>, number>()
  #lastNumber = 0
  /** The peers with several links that are being looked at; `true`: one more has come since. */
  readonly #running = new Map<PeerKey, boolean>()
  readonly #leaving = new Set<Session<S>>()
  side: HubSide<S> | undefined

  constructor(self: PeerKey, settle: number, time: Time) {
    this.#isLower = (key) => self < key
    this.#settle = settle
    this.#probes = new Probes(time, settle)
  }

  /** A session has come in. */
  came(session: Session<S>): void {
    const { key } = session
    if (key === undefined) return
    if (!this.#running.has(key) && this.#linksOf(key).length < 2) return
    // Whoever comes alone needs no number: the others are newer.
    this.#numbers.set(session, ++this.#lastNumber)
    if (this.#running.has(key)) this.#running.set(key, true)
    else this.#begin(key)
  }

  isSettling(key: PeerKey): boolean {
    return this.#running.has(key)
  }

  stop(): void {
    this.side = undefined
    this.#running.clear()
    this.#probes.stop()
  }

  #begin(key: PeerKey): void {
    this.#running.set(key, false)
    // Not inside the call of the transport that has brought it.
    Promise.resolve()
      .then(() => this.#run(key))
      .catch(ignore)
      .then(() => {
        // One may have come after the last look.
        if (this.#running.get(key)) this.#begin(key)
        else this.#running.delete(key)
      })
  }

  async #run(key: PeerKey): Promise<void> {
    while (this.#running.has(key)) {
      this.#running.set(key, false)
      const links = this.#linksOf(key)
      if (links.length < 2) return
      const decided = await this.#decide(key, links)
      if (this.#running.get(key)) continue
      if (this.#linksOf(key).length < 2) return
      if (decided === 'unanswered') {
        await this.#probes.wait(this.#settle)
        continue
      }
      // It is the other side's to decide, which has its time for it; what it does not know of any more may be dead.
      await this.#probes.wait(3 * this.#settle)
      if (this.#running.get(key)) continue
      await this.#endDead(key)
      if (!this.#running.get(key)) return
    }
  }

  async #decide(
    key: PeerKey,
    links: readonly Link<S>[],
  ): Promise<'settled' | 'unanswered' | 'not-ours'> {
    const isLower = this.#isLower(key)
    const ours = links.filter(({ direction }) => direction === 'outbound').reverse()
    const theirs = links.filter(({ direction }) => direction === 'inbound').reverse()
    if (ours.length < (isLower ? 1 : 2)) return 'not-ours'
    for (const link of isLower ? [...ours, ...theirs] : ours) {
      if (!(await this.#answers(link))) continue
      // Of theirs, the one that stays is the other side's choice: it may be closing its older ones.
      const others = isLower && link.direction === 'outbound' ? links : ours
      for (const other of others) if (other !== link) this.#close(other)
      return 'settled'
    }
    return 'unanswered'
  }

  /** Ends those that do not answer twice, while another one does. */
  async #endDead(key: PeerKey): Promise<void> {
    const links = this.#linksOf(key).filter(({ session }) => session.probe)
    const answers = await Promise.all(links.map((link) => this.#answers(link)))
    const silent = links.filter((_, i) => !answers[i])
    const again = await Promise.all(silent.map((link) => this.#answers(link)))
    const isAlive = (link: Link<S>, i: number) => answers[i] === true && this.#isOpen(link)
    if (!links.some(isAlive)) return
    for (const [i, link] of silent.entries()) if (!again[i]) this.#close(link)
  }

  async #answers(link: Link<S>): Promise<boolean> {
    // The hub may have closed since.
    if (!this.side) return false
    return (await this.#probes.ask(link.session)) && this.#isOpen(link)
  }

  #isOpen({ address, session }: Link<S>): boolean {
    const isThere = this.side?.get(address)?.state === 'connected'
    return isThere && isKnown(address, session, this.side) && !this.#leaving.has(session)
  }

  #close({ address, session }: Link<S>): void {
    if (!this.side || this.#leaving.has(session)) return
    this.#leaving.add(session)
    const over = () => void this.#leaving.delete(session)
    this.side.disconnect(address, { session, reason: 'duplicate' }).then(over, over)
  }

  /** Oldest first. */
  #linksOf(key: PeerKey): Link<S>[] {
    const links: Link<S>[] = []
    for (const { address, state, sessions } of this.side?.byKey(key) ?? []) {
      if (state !== 'connected') continue
      for (const session of sessions) {
        if (session.key !== key || this.#leaving.has(session)) continue
        links.push({ address, session, direction: session.direction })
      }
    }
    const number = ({ session }: Link<S>) => this.#numbers.get(session) ?? 0
    return links.length < 2 ? links : links.sort((a, b) => number(a) - number(b))
  }
}
