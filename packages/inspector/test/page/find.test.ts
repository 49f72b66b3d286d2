import { describe, expect, it } from 'vitest'
import { NO_FILTER, toAddressTest, toTest } from '../../page/src/state/filter.js'
import { sortEntries } from '../../page/src/state/sort.js'
import type { PlainEntry } from '../../src/protocol.js'
import { entry } from './samples.js'

describe('a filter', () => {
  const lan = entry('net:10.0.0.7:8008', { kind: 'lan', key: '@Anna', data: '{"name":"Ämil"}' })

  it('without words and state is none', () => {
    expect(toTest(NO_FILTER)).toBeUndefined()
  })

  it('wants all words, in whatever case, anywhere in the entry', () => {
    expect(toTest({ text: ' anna  LAN ', state: undefined })?.(lan)).toBe(true)
    expect(toTest({ text: 'äMIL', state: undefined })?.(lan)).toBe(true)
    expect(toTest({ text: 'anna tunnel', state: undefined })?.(lan)).toBe(false)
  })

  it('wants the state', () => {
    expect(toTest({ text: '', state: 'connected' })?.(lan)).toBe(true)
    expect(toTest({ text: '', state: 'connecting' })?.(lan)).toBe(false)
  })

  it('of the timeline looks at address and key', () => {
    expect(toAddressTest('10.0 anna')(lan)).toBe(true)
    expect(toAddressTest('')(lan)).toBe(true)
    expect(toAddressTest('undefined')({ address: 'a' })).toBe(false)
    expect(toAddressTest('lan')(lan)).toBe(false)
  })
})

describe('sorted', () => {
  const list = [
    entry('b', { sessions: 2, since: 5, kind: 'lan' }),
    entry('c', { sessions: 1, since: 7 }),
    entry('a', { sessions: 2, since: 6, kind: 'lan' }),
  ]
  const by = (column: Parameters<typeof sortEntries>[1]['column'], descending = false) =>
    sortEntries(list, { column, descending })
      .map(({ address }) => address)
      .join('')

  it('by text or number, up or down, those alike by address', () => {
    expect([by('address'), by('address', true)]).toEqual(['abc', 'cba'])
    expect([by('since'), by('since', true)]).toEqual(['bac', 'cab'])
    expect([by('sessions'), by('sessions', true)]).toEqual(['cab', 'abc'])
    expect([by('kind'), by('kind', true)]).toEqual(['cab', 'abc'])
  })
})

it('sorts again what it has sorted before by going through it once', () => {
  let read = 0
  const entryOf = (i: number, since: number): PlainEntry => ({
    ...entry(`lan:${i}`),
    get since() {
      read++
      return since
    },
  })
  const order = { column: 'since', descending: true } as const
  const entries = Array.from({ length: 20_000 }, (_, i) => entryOf(i, (i * 7_919) % 20_011))
  const first = sortEntries(entries, order)
  const once = read
  // Some have changed, one has left, one has come.
  const changed = entries.slice(1).map((entry, i) => (i % 200 === 0 ? entryOf(i + 1, i) : entry))
  const now = [...changed, entryOf(20_000, 3)]
  read = 0
  const again = sortEntries(now, order, first)
  expect(read).toBeLessThan(once / 4)
  const addresses = (list: readonly PlainEntry[]) => list.map(({ address }) => address)
  expect(addresses(again)).toEqual(addresses(sortEntries(now, order)))
})
