import { turns, until } from '@conn-hub/testkit'
import { describe, expect, it, vi } from 'vitest'
import { type Engine, memoryEngine } from '../src/index.js'
import { packRecord } from '../src/wire/record.js'
import { engineWith } from './counted.js'
import { FAST, machineOn, machinesOfTest, untilEqual, viewOf } from './fixture.js'

const { machine } = machinesOfTest()

describe('leave()', () => {
  it.each(['state', 'error'] as const)('inside a listener of %s leaves no timer', async (type) => {
    vi.useFakeTimers()
    try {
      const { engine } = engineWith({
        changes: async () => {
          throw new Error('NOPERM')
        },
      })
      const one = machineOn(engine, FAST)
      let left: Promise<void> | undefined
      one.fleet.on(type, () => {
        left = one.fleet.leave()
      })
      for (let i = 0; i < 50 && !left; i++) await vi.advanceTimersByTimeAsync(20)
      await left
      expect(vi.getTimerCount()).toBe(0)
      await one.hub.close()
    } finally {
      vi.useRealTimers()
    }
  })

  it('is not undone by what was on its way', async () => {
    const good = memoryEngine()
    let isSlow = false
    let land = () => {}
    const slow = new Promise<void>((resolve) => {
      land = resolve
    })
    const late: Engine = {
      ...good,
      publish: async (...args) => {
        if (isSlow) await slow
        return good.publish(...args)
      },
    }
    const other = machine(good)
    const { engine, counts } = engineWith(late)
    const one = machineOn(engine, { ...FAST, lease: 5_000 })
    await Promise.all([one.fleet.ready, other.fleet.ready])
    isSlow = true
    one.add('a')
    await until(() => counts.publish === 2, 'it is on its way')
    const left = one.end()
    await turns()
    land()
    await left
    other.add('b')
    await untilEqual([other])
    expect(viewOf(other)).toEqual([`${other.fleet.machine} b`])
    expect(await other.fleet.machines()).toHaveLength(1)
  })
})

describe('a write that lands after leave()', () => {
  /** An engine whose calls by these names land when they are told to, and only then. */
  const landing = (good: Engine, ...names: ('renew' | 'publish')[]) => {
    const waiting: (() => void)[] = []
    let isHeld = false
    const held =
      <A extends unknown[], R>(name: string, run: (...args: A) => Promise<R>) =>
      async (...args: A): Promise<R> => {
        if (isHeld && names.includes(name as never))
          await new Promise<void>((resolve) => waiting.push(resolve))
        return run(...args)
      }
    const engine = {
      ...good,
      renew: held('renew', good.renew),
      publish: held('publish', good.publish),
    }
    const hold = () => {
      isHeld = true
    }
    return { engine, waiting, hold, land: () => waiting.splice(0).map((go) => go()) }
  }

  const LEASE = 9_000

  /** Its last writes are on their way for longer than their deadline. */
  const leave = async (...names: ('renew' | 'publish')[]) => {
    vi.useFakeTimers()
    const good = memoryEngine()
    const { engine, waiting, hold, land } = landing(good, ...names)
    const other = machine(good)
    const one = machineOn(engine, { ...FAST, lease: LEASE, machine: 'one' })
    one.add('anna')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(viewOf(other)).toEqual(['one anna'])
    hold()
    one.add('ben')
    await vi.advanceTimersByTimeAsync(LEASE / 3)
    expect(waiting.length).toBeGreaterThanOrEqual(names.length)
    const left = one.end()
    await vi.advanceTimersByTimeAsync(2_100)
    await left
    expect(viewOf(other)).toEqual([])
    return { good, other, land }
  }

  it.each([[['publish']], [['renew']], [['renew', 'publish']]] as const)(
    'brings nobody back at whoever follows, and is taken away again: %j',
    async (names) => {
      const { good, other, land } = await leave(...names)
      const added: unknown[] = []
      ;(async () => {
        for await (const change of other.fleet.changes()) added.push(...change.added)
      })()
      land()
      await vi.advanceTimersByTimeAsync(1_000)
      expect(added).toEqual([])
      const { leases } = await good.renew('new/1', 1_000)
      expect(leases.map(([id]) => id).filter((id) => id.startsWith('one/'))).toEqual([])
      expect([await good.find('kanna'), await good.find('kben')]).toEqual([[], []])
      expect((await other.fleet.machines()).length).toBe(1)
    },
  )

  it('brings nobody back where the machine could not take it away any more', async () => {
    vi.useFakeTimers()
    const good = memoryEngine()
    const other = machine(good)
    const ghost = 'ghost/1'
    const { now } = await good.renew(ghost, LEASE)
    const record = { whole: true, lease: LEASE, sessions: 1, draining: false, until: now + LEASE }
    const batch = (number: number) => ({
      incarnation: ghost,
      number,
      record: packRecord({ ...record, number }),
      first: number === 1,
      set: ['kanna', '[0,1]'],
      remove: [],
    })
    await good.publish(batch(1), 3 * LEASE)
    await vi.advanceTimersByTimeAsync(500)
    expect(viewOf(other)).toEqual(['ghost anna'])
    await good.release(ghost)
    await vi.advanceTimersByTimeAsync(500)
    expect(viewOf(other)).toEqual([])
    for (const number of [1, 2, 5]) {
      await good.publish(batch(number), 3 * LEASE)
      await good.renew(ghost, LEASE)
      await vi.advanceTimersByTimeAsync(1_000)
      expect(viewOf(other)).toEqual([])
    }
  })
})
