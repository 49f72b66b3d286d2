import type { Address } from '@conn-hub/core'
import type { PlainDown, PlainEntry } from '../protocol.js'

type Item = PlainEntry | PlainDown

/** In ms: how often the order is made anew; where there are many, that takes a while. */
const CALM = { few: 200, many: 1_000, manyAre: 2_000 }
/** What matters most comes first. */
const RANKS = ['down', 'disconnecting', 'connecting', 'disconnected', 'connected']

/** Those that matter first, then those that changed last. */
export class Order {
  readonly #entries: ReadonlyMap<Address, PlainEntry>
  readonly #down: ReadonlyMap<Address, PlainDown>
  #known: { at: number; filter: string; items: readonly Item[] } | undefined
  #isChanged = true

  constructor(entries: ReadonlyMap<Address, PlainEntry>, down: ReadonlyMap<Address, PlainDown>) {
    this.#entries = entries
    this.#down = down
  }

  /** Something is not as it was. */
  change(): void {
    this.#isChanged = true
  }

  /** All that have all words of a filter. */
  items(filter: string): readonly Item[] {
    const calm = this.#entries.size > CALM.manyAre ? CALM.many : CALM.few
    const known = this.#known
    const isFresh = known && (!this.#isChanged || performance.now() - known.at < calm)
    if (known?.filter === filter && isFresh) return known.items
    const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
    const down = [...this.#down.values()].filter(({ address }) => !this.#entries.has(address))
    const items = [...down, ...this.#entries.values()].filter((item) => hasAll(item, words))
    items.sort(
      (one, other) => rankOf(stateOf(one)) - rankOf(stateOf(other)) || other.since - one.since,
    )
    this.#known = { at: performance.now(), filter, items }
    this.#isChanged = false
    return items
  }
}

const hasAll = (item: Item, words: readonly string[]): boolean => {
  if (words.length === 0) return true
  const text = [item.address, item.key, item.label, item.kind, stateOf(item)].join('\n')
  return words.every((word) => text.toLowerCase().includes(word))
}

const rankOf = (state: string): number => Math.max(0, RANKS.indexOf(state))

const stateOf = (item: Item): string => ('state' in item ? item.state : 'down')
