import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createHub, type Transport } from '@conn-hub/core'
import { describe, expect, it, vi } from 'vitest'
import { createKeeper, type Kept } from '../src/index.js'

const MANY = 100_000

/** Answers nobody. */
const nowhere: Transport<never> = { describe: () => ({}), dial: () => undefined }

const collectGarbage = (): void => {
  setFlagsFromString('--expose-gc')
  const gc: () => void = runInNewContext('gc')
  gc()
  gc()
}

const heapAfter = (): number => {
  collectGarbage()
  return getHeapStatistics().used_heap_size
}

describe('100,000 intents', () => {
  it('take at most 200 bytes each beyond their addresses, and one timer', () => {
    const addresses = Array.from({ length: MANY }, (_, n) => `peer ${n}`)
    // The text of an address is hashed once, in place.
    const known = new Set(addresses)
    known.clear()
    const set = vi.spyOn(globalThis, 'setTimeout')
    const keeper = createKeeper(createHub({ transport: nowhere }))
    const kept = new Array<Kept | undefined>(MANY).fill(undefined)
    const before = heapAfter()
    for (let n = 0; n < MANY; n++) kept[n] = keeper.keep(addresses[n] as string)
    const bytes = (heapAfter() - before) / MANY
    expect(set).toHaveBeenCalledTimes(1)
    set.mockRestore()
    expect(kept[MANY - 1]?.state).toBe('waiting')
    expect(bytes).toBeLessThanOrEqual(200)
    // An optimiser that saw that nobody uses them would pass, too.
    expect(bytes).toBeGreaterThan(80)
    console.log(`an intent takes ${bytes.toFixed(0)} bytes`)
    keeper.close()
    kept.fill(undefined)
    expect((heapAfter() - before) / MANY).toBeLessThan(20)
  })
})

describe('an intent that comes and goes', () => {
  it('costs the same with 10 others and with 10,000', () => {
    const work = (others: number): number => {
      const keeper = createKeeper(createHub({ transport: nowhere }), { random: () => 0.5 })
      for (let n = 0; n < others; n++) keeper.keep(`peer ${n}`)
      let steps = 0
      const { get, set } = Map.prototype
      const spies = [get, set].map((original, n) =>
        vi.spyOn(Map.prototype, n === 0 ? 'get' : 'set').mockImplementation(function (
          this: Map<unknown, unknown>,
          ...args: unknown[]
        ) {
          steps++
          return Reflect.apply(original, this, args)
        } as never),
      )
      keeper.keep('one more').release()
      for (const spy of spies) spy.mockRestore()
      keeper.close()
      return steps
    }
    const few = work(10)
    expect(few).toBeGreaterThan(0)
    expect(work(10_000)).toBe(few)
  })

  it('leaves nothing, after 100,000 times', () => {
    const keeper = createKeeper(createHub({ transport: nowhere }))
    const signal = new AbortController().signal
    for (let n = 0; n < 1_000; n++) keeper.keep('peer', { until: signal }).release()
    const before = heapAfter()
    for (let n = 0; n < MANY; n++) keeper.keep(`peer ${n}`, { until: signal }).release()
    expect(heapAfter() - before).toBeLessThan(1_000_000)
    keeper.close()
  })
})
