import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { createKeeper } from '../src/index.js'
import { Heap, type Scheduled } from '../src/time/heap.js'
import { Schedule } from '../src/time/schedule.js'
import { A, B, fakeTime, pass, setup, waitOf } from './setup.js'

fakeTime()

describe('the heap', () => {
  it('gives the earliest first, whatever was added and taken out', () => {
    const step = fc.record({ item: fc.nat(20), at: fc.nat(50), isRemoval: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const heap = new Heap<Scheduled>()
        const items = Array.from({ length: 21 }, (): Scheduled => ({ nextAt: undefined, place: 0 }))
        for (const { item: index, at, isRemoval } of steps) {
          const item = items[index] as Scheduled
          if (item.nextAt !== undefined) heap.remove(item)
          item.nextAt = undefined
          if (!isRemoval) {
            item.nextAt = at
            heap.add(item)
          }
          const waiting = items.flatMap(({ nextAt }) => nextAt ?? [])
          expect([heap.size, heap.first?.nextAt]).toEqual([
            waiting.length,
            waiting.length > 0 ? Math.min(...waiting) : undefined,
          ])
        }
      }),
      { numRuns: 300 },
    )
  })
})

const scheduleOf = (keepAlive = false) => {
  const [due, jumps]: [string[], boolean[]] = [[], []]
  const rounds = { isOn: false, count: 0 }
  const all: { name: string; nextAt: number | undefined; place: number }[] = []
  const item = (name: string) => {
    const made = { name, nextAt: undefined as number | undefined, place: 0 }
    all.push(made)
    return made
  }
  const schedule = new Schedule<ReturnType<typeof item>>({
    clock: {
      now: () => Date.now(),
      setTimeout: (run, ms) => setTimeout(run, ms),
      clearTimeout: (timer) => clearTimeout(timer as number),
    },
    keepAlive,
    onDue: ({ name }) => due.push(name),
    onJump: (again) => jumps.push(again),
    all: () => all,
    hasRounds: () => rounds.isOn,
    onRound: () => rounds.count++,
  })
  return { schedule, item, due, jumps, rounds }
}

describe('the schedule', () => {
  it('has one timer, and none where nothing waits', async () => {
    const { schedule, item, due } = scheduleOf()
    const [one, other] = [item('one'), item('other')]
    expect(vi.getTimerCount()).toBe(0)
    schedule.set(one, Date.now() + 40_000)
    schedule.set(other, Date.now() + 20_000)
    expect(vi.getTimerCount()).toBe(1)
    await pass(40_000)
    expect([due, vi.getTimerCount()]).toEqual([['other', 'one'], 0])
  })

  it('looks at all twice a minute while it is told to, also where nothing waits', async () => {
    const { schedule, item, rounds } = scheduleOf()
    const one = item('one')
    rounds.isOn = true
    schedule.set(one, Date.now() + 3_000)
    await pass(95_000)
    expect([rounds.count, vi.getTimerCount()]).toEqual([3, 1])
    rounds.isOn = false
    schedule.remove(one)
    expect(vi.getTimerCount()).toBe(0)
    await pass(95_000)
    expect(rounds.count).toBe(3)
  })

  it('moves what is set again, and forgets what is removed', async () => {
    const { schedule, item, due } = scheduleOf()
    const [one, other] = [item('one'), item('other')]
    schedule.set(one, Date.now() + 1_000)
    schedule.set(one, Date.now() + 3_000)
    schedule.set(other, Date.now() + 2_000)
    schedule.remove(other)
    await pass(2_999)
    expect(due).toEqual([])
    await pass(1)
    expect(due).toEqual(['one'])
  })

  it('sees a sleep, and a clock that was set, within 5 s', async () => {
    const { schedule, item, jumps } = scheduleOf()
    schedule.set(item('one'), Date.now() + 30_000)
    await pass(5_000)
    expect(jumps).toEqual([])
    vi.setSystemTime(Date.now() + 3_600_000)
    await pass(5_000)
    expect(jumps).toEqual([false])
    schedule.set(item('other'), Date.now() + 30_000)
    vi.setSystemTime(Date.now() - 7_200_000)
    // What is set now must not hide it.
    schedule.set(item('third'), Date.now() + 1_000)
    await pass(5_000)
    expect(jumps).toEqual([false, false])
  })

  it('says where it was wrong before, too', async () => {
    const { schedule, item, jumps } = scheduleOf()
    schedule.set(item('one'), Date.now() + 10_000_000)
    for (let times = 0; times < 2; times++) {
      vi.setSystemTime(Date.now() + 60_000)
      await pass(5_000)
    }
    await pass(5_000)
    vi.setSystemTime(Date.now() + 60_000)
    await pass(5_000)
    expect(jumps).toEqual([false, true, false])
  })

  it('keeps no process alive, unless it is told to', () => {
    const unref = vi.fn()
    const set = vi.spyOn(globalThis, 'setTimeout').mockImplementation(() => ({ unref }) as never)
    const one = scheduleOf()
    one.schedule.set(one.item('one'), Date.now())
    expect(unref).toHaveBeenCalledTimes(1)
    scheduleOf(true)
    expect([set.mock.calls.length, unref.mock.calls.length]).toEqual([2, 1])
    set.mockRestore()
  })
})

describe('a keeper', () => {
  it('dials all within 2 s after a sleep, and not all at once', async () => {
    const { keeper, transport } = setup({ random: Math.random })
    const all = [A, B].map((address) => keeper.keep(address))
    await pass(30)
    for (const dial of transport.dials) dial.fail()
    await pass(0)
    vi.setSystemTime(Date.now() + 3_600_000)
    const before = transport.dials.length
    // The keeper sees the sleep within 5 s.
    for (let ms = 0; ms < 5_000 && all.every((kept) => (waitOf(kept) ?? 0) < 0); ms += 10)
      await pass(10)
    expect(transport.dials).toHaveLength(before)
    await pass(2_000)
    expect(all.map(({ state }) => state)).toEqual(['connecting', 'connecting'])
  })

  it('waits no hour longer where the clock was set back by one', async () => {
    const { keeper, transport } = setup()
    const kept = keeper.keep(A)
    await pass(0)
    transport.lastDial.fail()
    await pass(0)
    vi.setSystemTime(Date.now() - 3_600_000)
    await pass(5_000)
    expect(waitOf(kept) ?? 0).toBeLessThanOrEqual(2_000)
    await pass(2_000)
    expect(kept.state).toBe('connecting')
  })

  it('dials a first one in the next turn, also where the clock was set back before', async () => {
    const { keeper } = setup()
    keeper.keep(A)
    await pass(0)
    vi.setSystemTime(Date.now() - 3_600_000)
    await pass(10_000)
    expect(waitOf(keeper.keep(B))).toBe(0)
  })

  it('whose timers are always late dials all the same', async () => {
    const { keeper, transport } = setup()
    keeper.keep(A)
    await pass(0)
    transport.lastDial.fail()
    for (let minute = 0; minute < 4; minute++) {
      await pass(0)
      vi.setSystemTime(Date.now() + 60_000)
      vi.advanceTimersToNextTimer()
    }
    expect(transport.dials.length).toBeGreaterThan(1)
  })

  it('takes the clock and the chance that it is given', async () => {
    const { hub, transport } = setup()
    let now = 0
    const timers: { run: () => void; ms: number }[] = []
    const clock = {
      now: () => now,
      setTimeout: (run: () => void, ms: number) => timers.push({ run, ms }),
      clearTimeout: vi.fn(),
    }
    const kept = createKeeper(hub, { clock, random: () => 0.1 }).keep(A)
    timers.pop()?.run()
    transport.lastDial.fail()
    await pass(0)
    expect([kept.nextAt, timers.at(-1)?.ms]).toEqual([1_000, 1_000])
    // One timer: each that was begun too late was ended.
    expect(clock.clearTimeout).toHaveBeenCalledTimes(timers.length - 1)
    now = 1_000
    timers.pop()?.run()
    expect(transport.dials).toHaveLength(2)
  })
})

it.each([Number.NaN, -1, 2, Number.POSITIVE_INFINITY, 'much', undefined])(
  'chance that is no number from 0 to 1 holds nobody up, and burns nothing: %s',
  async (chance) => {
    const { keeper, transport } = setup({ random: () => chance as number })
    const kept = keeper.keep(A)
    await pass(1_000)
    transport.lastDial.fail()
    await pass(0)
    const wait = waitOf(kept) ?? -1
    expect([wait >= 0, wait <= 10_000]).toEqual([true, true])
  },
)
