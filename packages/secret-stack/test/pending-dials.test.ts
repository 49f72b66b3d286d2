import type { DialAttempt } from '@conn-hub/core'
import { describe, expect, it } from 'vitest'
import { type PendingDial, PendingDials } from '../src/pending-dials.js'
import type { Rpc } from '../src/ssb.js'

const attempt = { signal: new AbortController().signal } as DialAttempt<Rpc>
const dialTo = (key: string | undefined): PendingDial<Rpc> => ({ key, attempt })

/** So many dials to one key, the oldest first. */
const pending = (key: string | undefined, count: number) => {
  const dials = new PendingDials<Rpc>()
  const all = Array.from({ length: count }, () => dialTo(key))
  for (const dial of all) dials.add(dial)
  return { dials, all }
}

describe('pending dials', () => {
  it.each([0, 1, 2])('leave the others when number %i of three leaves', (index) => {
    const { dials, all } = pending('a', 3)
    const [left] = all.splice(index, 1)
    dials.delete(left as PendingDial<Rpc>)
    // Twice does no harm: an sbot may call back again.
    dials.delete(left as PendingDial<Rpc>)
    expect(dials.only('a')).toBeUndefined()
    const [one, other] = all as [PendingDial<Rpc>, PendingDial<Rpc>]
    dials.delete(one)
    expect(dials.only('a')).toBe(other)
    dials.delete(other)
    expect(dials.any).toBe(false)
  })

  it('stand 50,000 to addresses that name no key, whichever ends first', () => {
    const { dials, all } = pending(undefined, 50_000)
    dials.delete(all[0] as PendingDial<Rpc>)
    for (const dial of all.reverse()) dials.delete(dial)
    expect(dials.any).toBe(false)
  })
})
