import type { DialAttempt } from '@conn-hub/core'
import { describe, expect, it } from 'vitest'
import { type PendingDial, PendingDials } from '../src/pending-dials.js'
import type { Rpc } from '../src/ssb.js'

type Dial = PendingDial<Rpc>

const attempt = { signal: new AbortController().signal } as DialAttempt<Rpc>
const dialTo = (key: string | undefined): Dial => ({ address: 'net:h:1', key, attempt })

/** So many dials to one key, the oldest first. */
const pending = (key: string | undefined, count: number) => {
  const dials = new PendingDials<Rpc>()
  const all = Array.from({ length: count }, () => dialTo(key))
  for (const dial of all) dials.add(dial)
  return { dials, all }
}

/** Counts each look at a dial's neighbours, which is how one gets from dial to dial. */
const counted = (key: string | undefined, steps: { count: number }): Dial => {
  const neighbours: { older?: Dial | undefined; newer?: Dial | undefined } = {}
  const dial = dialTo(key)
  for (const side of ['older', 'newer'] as const) {
    Object.defineProperty(dial, side, {
      get: () => {
        steps.count++
        return neighbours[side]
      },
      set: (value: Dial | undefined) => {
        neighbours[side] = value
      },
    })
  }
  return dial
}

const ORDERS = {
  'the oldest first': (all: Dial[]) => all,
  'the newest first': (all: Dial[]) => all.reverse(),
  'from the middle': (all: Dial[]) => [...all.splice(all.length / 2), ...all],
}

describe('pending dials', () => {
  it.each([0, 1, 2])('leave the others when number %i of three leaves', (index) => {
    const { dials, all } = pending('a', 3)
    const [left] = all.splice(index, 1)
    dials.delete(left as Dial)
    // Twice does no harm: an sbot may call back again.
    dials.delete(left as Dial)
    expect(dials.only('a')).toBeUndefined()
    const [one, other] = all as [Dial, Dial]
    dials.delete(one)
    expect(dials.only('a')).toBe(other)
    dials.delete(other)
    expect(dials.any).toBe(false)
  })

  it('are not disturbed by one that leaves again after the key has others', () => {
    const { dials, all } = pending('a', 1)
    const [first] = all as [Dial]
    dials.delete(first)
    const second = dialTo('a')
    dials.add(second)
    dials.delete(first)
    expect(dials.only('a')).toBe(second)
  })

  it('stand 50,000 to addresses that name no key, whichever ends first', () => {
    const { dials, all } = pending(undefined, 50_000)
    dials.delete(all[0] as Dial)
    for (const dial of all.reverse()) dials.delete(dial)
    expect(dials.any).toBe(false)
  })

  describe.each(Object.entries(ORDERS))('that end %s', (_, order) => {
    it.each([
      ['one key', 'a'],
      ['no key', undefined],
    ] as const)('cost as many steps each among 40,000 as among 4,000, to %s', (_, key) => {
      const stepsFor = (count: number) => {
        const steps = { count: 0 }
        const dials = new PendingDials<Rpc>()
        const all = Array.from({ length: count }, () => counted(key, steps))
        for (const dial of all) dials.add(dial)
        for (const dial of order(all)) dials.delete(dial)
        expect(dials.any).toBe(false)
        return steps.count / count
      }
      expect(stepsFor(4_000)).toBeLessThanOrEqual(4)
      expect(stepsFor(40_000)).toBeLessThanOrEqual(4)
    })
  })
})
