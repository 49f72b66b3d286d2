import { describe, expect, it } from 'vitest'
import { costOf, ESCAPED_SHAPES, PLAIN_SHAPES } from './slow.js'

// Time is compared with time, as the least of many tries: on any machine, however busy, a square shows.

describe('an address that is made to be slow', () => {
  it.each(PLAIN_SHAPES)('takes linear time: %s', (_, shape) => {
    // Eight times the length: linear gives 8 at most, a square 64.
    expect(costOf(shape(4_096)) / costOf(shape(512))).toBeLessThan(24)
  })

  it.each(ESCAPED_SHAPES)(
    'of 512 characters takes less than a quarter of a second: %s',
    (_, shape) => {
      // ssb-ref takes the square, so there it is the limit that helps: 20 ms on a slow machine.
      expect(costOf(shape(512), 20, 1)).toBeLessThan(250)
    },
  )

  it.each(ESCAPED_SHAPES)('beyond 512 characters is not read at all: %s', (_, shape) => {
    expect(costOf(shape(4_096))).toBeLessThan(costOf(shape(513)) * 24)
    expect(costOf(shape(4_096))).toBeLessThan(1)
  })

  it('beyond 4096 characters is not read at all', () => {
    const of = (length: number) => costOf('net:'.padEnd(length, ':'))
    // 2,400 times the length, at the same cost: that of making an error.
    expect(of(10_000_000)).toBeLessThan(of(4_097) * 24)
  })
})
