import type { Connection } from '@conn-hub/core'
import { until } from '@conn-hub/testkit'
import { Redis } from 'ioredis'
import { describe, expect, it, vi } from 'vitest'
import { Calls } from '../src/edges/calls.js'
import { memoryEngine } from '../src/index.js'
import { engineWith } from './counted.js'
import { machinesOfTest, viewOf } from './fixture.js'
import { hasRedis, startRedis } from './redis-server.js'

// Answers that come late, because the engine is slow or the process was busy: nothing but the wait is another.
const { ends, machine } = machinesOfTest()

const LEASE = 6_000
const HOUR = 3_600_000

/** Its clock is ahead of ours by so much, and each renewal takes so long to be read, both in ms. */
const slowEngine = (ahead = 0) => {
  const good = memoryEngine()
  const delays = { after: 0 }
  const clock = { ahead }
  const shifted = engineWith({
    ...good,
    renew: async (incarnation, ms) => {
      const { now, leases, ...rest } = await good.renew(incarnation, ms)
      await new Promise((resolve) => setTimeout(resolve, delays.after))
      const later = leases.map(([id, until]) => [id, until + clock.ahead] as const)
      return { ...rest, now: now + clock.ahead, leases: later }
    },
  })
  return { engine: shifted.engine, counts: shifted.counts, delays, clock }
}

describe('a renewal whose answer is read late', () => {
  it.each([0, HOUR])('changes no entry: the engine is ahead by %s ms', async (ahead) => {
    vi.useFakeTimers()
    const { engine, counts, delays } = slowEngine(ahead)
    const one = machine(engine, { lease: LEASE, machine: 'one' })
    one.add('anna')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(viewOf(one)).toEqual(['one anna'])
    const [before] = await one.fleet.find('anna')
    expect((before?.since ?? 0) - Date.now() - ahead).toBeGreaterThan(-1_100)
    const { publish } = counts
    for (const after of [1_500, 10, 1_990, 0, 1_200]) {
      delays.after = after
      await vi.advanceTimersByTimeAsync(LEASE / 2)
    }
    expect((await one.fleet.find('anna'))[0]?.since).toBe(before?.since)
    expect(counts.publish).toBe(publish)
    expect(one.codes).toEqual([])
  })

  it('is no later end of the lease for those who look at it', async () => {
    vi.useFakeTimers()
    const { engine, delays } = slowEngine()
    const one = machine(engine, { lease: LEASE, machine: 'one' })
    await vi.advanceTimersByTimeAsync(1_000)
    delays.after = 1_900
    await vi.advanceTimersByTimeAsync(LEASE / 3 + 1_900)
    const [self] = await one.fleet.machines()
    expect(self?.endsIn).toBeLessThanOrEqual(LEASE - 1_800)
  })
})

describe.skipIf(!hasRedis)('an answer that has come while the process was busy', () => {
  it('is read before anybody is told that there is none', async () => {
    const server = ends.add(await startRedis(), (one) => one.end())
    const client = ends.add(new Redis(server.url), (one) => one.disconnect())
    await client.ping()
    const calls = new Calls(memoryEngine())
    const begun = performance.now()
    // Redis answers in time, and nobody looks until the deadline is over.
    const answer = calls.call(() => client.xread('BLOCK', 1_800, 'STREAMS', 'nothing', '0'))
    await until(() => performance.now() - begun > 1_600, 'the last part of the deadline')
    // Of this turn the timers come next.
    await new Promise(setImmediate)
    while (performance.now() - begun < 2_200);
    expect(await answer).toBe(null)
  })
})

describe('the own clock', () => {
  it('may be set: who was connected before keeps the time by the clock of the engine', async () => {
    vi.useFakeTimers()
    const { engine, counts, clock } = slowEngine()
    const one = machine(engine, {
      lease: LEASE,
      machine: 'one',
      publish: ({ data }: Connection<object>) => data,
    })
    one.add('anna')
    await vi.advanceTimersByTimeAsync(1_000)
    const sinceOf = async (key: string) => (await one.fleet.find(key))[0]?.since
    const before = await sinceOf('anna')
    const { publish } = counts
    vi.setSystemTime(Date.now() + HOUR)
    clock.ahead = -HOUR
    await vi.advanceTimersByTimeAsync(LEASE)
    expect(await sinceOf('anna')).toBe(before)
    // Its lease was over by the clock of this engine in memory: that alone is told.
    expect(counts.publish).toBeLessThanOrEqual((publish ?? 0) + 1)
    one.hub.update('toy:anna', { colour: 'red' })
    one.add('ben')
    await vi.advanceTimersByTimeAsync(1_000)
    expect((await one.fleet.find('anna'))[0]).toMatchObject({
      since: before,
      data: { colour: 'red' },
    })
    expect(Math.abs(((await sinceOf('ben')) ?? 0) + HOUR - Date.now())).toBeLessThan(2_000)
  })

  it('is another one than that of the engine, which may be set, too', async () => {
    vi.useFakeTimers()
    const { engine, clock } = slowEngine()
    const one = machine(engine, { lease: LEASE, machine: 'one' })
    one.add('anna')
    await vi.advanceTimersByTimeAsync(1_000)
    const before = (await one.fleet.find('anna'))[0]?.since ?? 0
    clock.ahead = HOUR
    await vi.advanceTimersByTimeAsync(LEASE)
    const since = (await one.fleet.find('anna'))[0]?.since ?? 0
    expect(Math.abs(since - before - HOUR)).toBeLessThan(1_000)
  })
})
