import { describe, expect, it } from 'vitest'
import { Ports } from '../../page/src/state/ports.js'
import { entry } from './samples.js'

const setup = (...addresses: string[]): Ports => {
  const ports = new Ports()
  for (const address of addresses) ports.set(entry(address, { kind: 'lan' }), 0)
  return ports
}
/** The ports of a kind as text: `+a` is lit, `-a` is dark. */
const row = (ports: Ports, kind = 'lan') =>
  ports
    .groups()
    .find((group) => group.kind === kind)
    ?.ports.map(({ address, entry }) => (entry ? '+' : '-') + address)
    .join(' ')

describe('a port', () => {
  it('stays where it is while its entry changes', () => {
    const ports = setup('a', 'b')
    ports.set(entry('a', { kind: 'lan', state: 'disconnecting' }), 0)
    expect(row(ports)).toBe('+a +b')
    expect(ports.find('a')).toMatchObject({ number: 1, kind: 'lan' })
    expect(ports.find('a')?.entry?.state).toBe('disconnecting')
  })

  it('goes dark when its entry leaves, and remembers it', () => {
    const ports = setup('a', 'b')
    ports.darken('a', 5)
    expect(row(ports)).toBe('-a +b')
    expect(ports.groups()[0]?.ports[0]).toEqual({
      kind: 'lan',
      number: 1,
      address: 'a',
      darkSince: 5,
    })
  })

  it('is given back to the entry that was there', () => {
    const ports = setup('a', 'b', 'c')
    ports.darken('a', 0)
    ports.darken('b', 0)
    ports.set(entry('b', { kind: 'lan' }), 0)
    expect(row(ports)).toBe('-a +b +c')
  })

  it('goes to another entry where it is the lowest that is dark', () => {
    const ports = setup('a', 'b', 'c')
    ports.darken('c', 0)
    ports.darken('b', 0)
    ports.set(entry('d', { kind: 'lan' }), 0)
    ports.set(entry('b', { kind: 'lan' }), 0)
    ports.set(entry('e', { kind: 'lan' }), 0)
    expect(row(ports)).toBe('+a +d +b +e')
  })

  it('that is pointed at is taken by nobody, and no port goes meanwhile', () => {
    const ports = setup('a', 'b', 'c')
    for (const address of ['a', 'b', 'c']) ports.darken(address, 0)
    ports.hold(['a'])
    expect(ports.trim(99_000)).toBe(false)
    ports.set(entry('d', { kind: 'lan' }), 0)
    expect(row(ports)).toBe('-a +d -c')
    ports.hold([])
    ports.set(entry('e', { kind: 'lan' }), 0)
    expect(row(ports)).toBe('+e +d -c')
    expect(ports.trim(99_000)).toBe(true)
    expect(row(ports)).toBe('+e +d')
  })

  it('moves with the kind of its entry', () => {
    const ports = setup('a')
    ports.set(entry('a', { kind: 'tunnel' }), 0)
    expect(row(ports)).toBe('-a')
    expect(row(ports, 'tunnel')).toBe('+a')
    ports.darken('a', 0)
    expect(row(ports, 'tunnel')).toBe('-a')
  })
})

describe('groups', () => {
  it('are sorted by kind, those without one last', () => {
    const ports = new Ports()
    ports.set(entry('a'), 0)
    ports.set(entry('b', { kind: 'tunnel' }), 0)
    ports.set(entry('c', { kind: 'internet' }), 0)
    expect(ports.groups().map(({ kind }) => kind)).toEqual(['internet', 'tunnel', 'other'])
  })

  it('lose the dark ports at their end after 30 seconds, and go with the last', () => {
    const ports = setup('a', 'b', 'c')
    ports.darken('a', 1_000)
    ports.darken('c', 1_000)
    expect(ports.trim(30_999)).toBe(false)
    expect(row(ports)).toBe('-a +b -c')
    expect(ports.trim(31_000)).toBe(true)
    expect(row(ports)).toBe('-a +b')
    ports.darken('b', 31_000)
    ports.trim(61_000)
    expect(ports.groups()).toEqual([])
  })

  it('never grow beyond the most that were lit at once', () => {
    const ports = new Ports()
    for (let i = 0; i < 1_000; i++) {
      ports.set(entry(`a${i}`, { kind: 'lan' }), 0)
      if (i >= 3) ports.darken(`a${i - 3}`, 0)
    }
    expect(ports.groups()[0]?.ports).toHaveLength(4)
  })
})
