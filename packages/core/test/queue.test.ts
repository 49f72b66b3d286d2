import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createQueue } from '../src/views/queue.js'
import { stepsOf } from './steps.js'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

describe('a queue', () => {
  it('gives what was put in, in order', () => {
    const property = fc.property(fc.array(fc.boolean(), { maxLength: 300 }), (puts) => {
      const queue = createQueue<number>()
      const expected: number[] = []
      for (const [i, put] of puts.entries()) {
        if (put) {
          queue.push(i)
          expected.push(i)
        } else {
          expect(queue.shift()).toBe(expected.shift())
        }
        expect(queue.size()).toBe(expected.length)
      }
    })
    fc.assert(property, { seed: 1, numRuns: 300 })
  })

  it('of 20,000 items takes at most 13 times the steps of one of 2,000', () => {
    const cost = (items: number): number =>
      stepsOf(() => {
        const queue = createQueue<number>()
        for (let i = 0; i < items; i++) queue.push(i)
        for (let i = 0; i < items; i++) queue.push((queue.shift() as number) + items)
        let next = items
        while (queue.shift() === next) next++
        expect(next).toBe(2 * items)
        expect(queue.size()).toBe(0)
      })
    expect(cost(20_000)).toBeLessThanOrEqual(13 * cost(2_000))
  })

  it('keeps no place for what was taken', () => {
    const queue = createQueue<number>()
    queue.push(0)
    collectGarbage()
    const before = process.memoryUsage().heapUsed
    for (let i = 1; i < 5_000_000; i++) {
      queue.push(i)
      queue.shift()
    }
    collectGarbage()
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(10_000_000)
    expect(queue.shift()).toBe(4_999_999)
  })

  it('keeps nothing of what was taken', () => {
    const queue = createQueue<object>()
    const taken = new WeakRef({ big: true })
    queue.push(taken.deref() as object)
    queue.push({})
    queue.shift()
    return new Promise<void>((resolve) => {
      // A WeakRef that was read lives to the end of the turn.
      setImmediate(() => {
        collectGarbage()
        expect(taken.deref()).toBeUndefined()
        expect(queue.size()).toBe(1)
        resolve()
      })
    })
  })
})
