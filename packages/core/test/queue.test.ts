import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createQueue } from '../src/views/queue.js'

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

  it('stands 300,000 items, for which an array that moves them needs longer than a test may run', () => {
    const queue = createQueue<number>()
    for (let i = 0; i < 300_000; i++) queue.push(i)
    for (let i = 0; i < 300_000; i++) queue.push((queue.shift() as number) + 300_000)
    let next = 300_000
    while (queue.shift() === next) next++
    expect(next).toBe(600_000)
    expect(queue.size()).toBe(0)
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
