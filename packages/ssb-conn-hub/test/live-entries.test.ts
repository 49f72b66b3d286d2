import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Address, ConnectionData } from '../src/types.js'
import { setup } from './setup.js'
import { addressOf, type StubRpc } from './stub-sbot.js'

type Entries = [Address, ConnectionData][]

const ADDRESSES = [...'abcdefghijkl'].map((letter) => addressOf(letter))

/** A hub, and what may happen to its entry of an address. */
const stage = () => {
  const { hub, ssb } = setup()
  const rpcs = new Map<Address, StubRpc>()
  const deeds = {
    dial: (address: Address) => void hub.connect(address).catch(() => {}),
    connect: (address: Address) => {
      if (hub.getState(address)) return
      void hub.connect(address)
      rpcs.set(address, ssb.answer(ssb.lastCall))
    },
    update: (address: Address) => void hub.update(address, { note: Math.random() }),
    disconnect: (address: Address) => void hub.disconnect(address).catch(() => {}),
    break: (address: Address) => rpcs.get(address)?.finish(),
  }
  return { hub, deeds }
}

const DEEDS = ['dial', 'connect', 'connect', 'update', 'update', 'disconnect', 'break'] as const

/** Reads once, if anything is there. */
const read = (source: unknown): Entries | undefined => {
  let got: Entries | undefined
  const take = source as (abort: null, callback: (end: unknown, value?: Entries) => void) => void
  take(null, (_, value) => {
    got = value
  })
  return got
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('what liveEntries() gives', () => {
  it('22 is what entries() gives, in the same order, to a reader that comes when it likes, whatever the clock says', () => {
    const steps = fc.array(
      fc.record({
        deed: fc.constantFrom(...DEEDS),
        // Some often, so that they leave and come back between two reads.
        address: fc.constantFrom(...ADDRESSES, ...Array(4).fill(ADDRESSES.slice(0, 3)).flat()),
        reads: fc.boolean(),
        // It stands still, goes on, or goes back.
        clock: fc.constantFrom(0, 0, 1, -1),
      }),
      { maxLength: 60, size: 'max' },
    )
    const property = fc.property(steps, (all) => {
      const { hub, deeds } = stage()
      const source = hub.liveEntries()
      read(source)
      for (const { deed, address, reads, clock } of all) {
        vi.setSystemTime(Date.now() + clock)
        deeds[deed](address)
        // The first array of a new source is all entries.
        const shown = reads ? read(source) : undefined
        if (shown) expect(shown).toEqual([...hub.entries()])
      }
      const last = read(source)
      if (last) expect(last).toEqual([...hub.entries()])
      hub.close()
    })
    fc.assert(property, { seed: 4, numRuns: 400 })
  })

  it.each([
    ['the clock stands still', 0],
    ['the clock goes back', -5],
  ])('22 has an entry last that left and came back while %s', (_, clock) => {
    const { hub, deeds } = stage()
    const [one, two] = ADDRESSES as [Address, Address]
    const source = hub.liveEntries()
    for (const address of [one, two]) deeds.connect(address)
    read(source)
    deeds.break(one)
    vi.setSystemTime(Date.now() + clock)
    deeds.connect(one)
    expect(read(source)?.map(([address]) => address)).toEqual([two, one])
    expect([...hub.entries()].map(([address]) => address)).toEqual([two, one])
  })

  it('shows each entry as the same object until it changes, and is an array of its own each time', () => {
    const { hub, deeds } = stage()
    const seen: Entries[] = []
    const source = hub.liveEntries()
    const next = () => seen.push(read(source) as Entries)
    next()
    for (const address of ADDRESSES.slice(0, 2)) deeds.connect(address)
    next()
    deeds.update(ADDRESSES[1] as Address)
    next()
    expect(seen.map(({ length }) => length)).toEqual([0, 2, 2])
    expect(seen[2]?.[0]).toBe(seen[1]?.[0])
    expect(seen[2]?.[1]).not.toBe(seen[1]?.[1])
    seen[2]?.splice(0)
    deeds.update(ADDRESSES[1] as Address)
    expect(read(source)).toHaveLength(2)
  })
})
