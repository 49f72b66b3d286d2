import { FaultSession } from '@conn-hub/testkit'
import { describe, expect, it } from 'vitest'
import { A, B, setup } from './setup.js'

describe('snapshot()', () => {
  it('is one frozen array for all, until the next change', () => {
    const { hub, transport } = setup()
    transport.inbound(A)
    const before = hub.snapshot()
    expect(hub.snapshot()).toBe(before)
    expect(Object.isFrozen(before)).toBe(true)
    hub.update(A, { n: 1 })
    const after = hub.snapshot()
    expect(after).not.toBe(before)
    expect(before.map(({ data }) => data)).toEqual([{}])
    expect(after.map(({ data }) => data)).toEqual([{ n: 1 }])
  })

  it('stays the same through what changes nothing', async () => {
    const { hub, transport } = setup()
    const session = transport.inbound(A)
    const before = hub.snapshot()
    hub.update(B, { n: 1 })
    await hub.disconnect(B)
    transport.inbound(A, session)
    await hub.connect(A)
    expect(hub.snapshot()).toBe(before)
  })

  it('has the entries in the order in which they came', () => {
    const { hub, transport } = setup()
    for (const name of ['c', 'a', 'b']) transport.inbound(`fault:${name}`)
    hub.update('fault:c', { n: 1 })
    const addresses = ['fault:c', 'fault:a', 'fault:b']
    expect(hub.snapshot().map(({ address }) => address)).toEqual(addresses)
    expect([...hub.entries()].map(({ address }) => address)).toEqual(addresses)
  })
})

describe('an entry', () => {
  it('is never changed: each change makes a new one', () => {
    const { hub, transport } = setup()
    transport.inbound(A)
    const before = hub.get(A)
    const copy = { ...before, data: { ...before?.data }, sessions: [...(before?.sessions ?? [])] }
    transport.inbound(A)
    expect(before).toEqual(copy)
    hub.update(A, { n: 1 })
    expect(before).toEqual(copy)
    expect(hub.get(A)).not.toBe(before)
  })

  it('keeps a copy of the data that it was given', () => {
    const { hub } = setup()
    const data = { n: 1 }
    hub.connect(A, { data }).catch(() => {})
    data.n = 2
    expect(hub.get(A)?.data).toEqual({ n: 1 })
    const more = { m: 1 }
    hub.update(A, more)
    more.m = 2
    expect(hub.get(A)?.data).toEqual({ n: 1, m: 1 })
  })

  it('skips fields that are undefined', () => {
    const { hub, transport } = setup()
    transport.inbound(A)
    hub.update(A, { n: 1, m: 1 })
    hub.update(A, { n: undefined, m: null })
    expect(hub.get(A)?.data).toStrictEqual({ n: 1, m: null })
  })

  it('cannot be touched by data with the names of its fields', () => {
    const { hub, transport } = setup()
    transport.inbound(A)
    hub.update(A, { state: 'disconnecting', key: 'other', address: B, sessions: [] })
    expect(hub.get(A)).toMatchObject({ state: 'connected', key: 'a', address: A })
    expect(hub.get(A)?.sessions).toHaveLength(1)
  })
})

describe('byKey()', () => {
  it('gives every entry of a peer, and none of others', () => {
    const { hub, transport } = setup()
    for (const address of ['fault:anonymous1', 'fault:anonymous2', 'fault:anonymous3']) {
      const key = address.endsWith('3') ? 'other' : 'peer'
      transport.inbound(address, new FaultSession('inbound', key))
    }
    const addresses = (key: string) => hub.byKey(key).map(({ address }) => address)
    expect(addresses('peer')).toEqual(['fault:anonymous1', 'fault:anonymous2'])
    expect(addresses('other')).toEqual(['fault:anonymous3'])
    expect(addresses('nobody')).toEqual([])
    transport.sessions[0]?.end()
    expect(addresses('peer')).toEqual(['fault:anonymous2'])
    transport.sessions[1]?.end()
    expect(addresses('peer')).toEqual([])
  })

  it('forgets a key with the entry, also where the address comes back with another', () => {
    const { hub, transport } = setup()
    const first = transport.inbound('fault:anonymous', new FaultSession('inbound', 'first'))
    expect(hub.byKey('first')).toEqual([hub.get('fault:anonymous')])
    first.end()
    transport.inbound('fault:anonymous', new FaultSession('inbound', 'second'))
    expect(hub.byKey('first')).toEqual([])
    expect(hub.byKey('second')).toEqual([hub.get('fault:anonymous')])
  })

  it('gives the entries in the order in which they came, whatever becomes of them', () => {
    const { hub, transport } = setup()
    const theirs = () => new FaultSession('inbound', 'peer')
    transport.inbound('fault:anonymous1', theirs())
    transport.inbound('fault:anonymous2', theirs())
    const addresses = () => hub.byKey('peer').map(({ address }) => address)
    expect(addresses()).toEqual(['fault:anonymous1', 'fault:anonymous2'])
    hub.update('fault:anonymous1', { n: 1 })
    expect(addresses()).toEqual(['fault:anonymous1', 'fault:anonymous2'])
  })

  it('has no entry for no key', () => {
    const { hub, transport } = setup()
    transport.inbound('fault:anonymous')
    expect(hub.byKey(undefined as never)).toEqual([])
  })

  it('gives the entries as they are now', () => {
    const { hub, transport } = setup()
    transport.inbound(A)
    hub.update(A, { n: 1 })
    expect(hub.byKey('a')).toEqual([hub.get(A)])
    expect(hub.byKey('a')[0]).toBe(hub.get(A))
  })
})

describe('byKey()', () => {
  it('finds the entries of a peer while they come and go, however many there are', () => {
    const { hub, transport } = setup()
    const open = (name: string) =>
      transport.inbound(`fault:${name}`, new FaultSession('inbound', 'k'))
    transport.describe = () => ({ key: 'k' })
    const found = () => hub.byKey('k').map(({ address }) => address.slice('fault:'.length))
    const [a, b, c] = ['a', 'b', 'c'].map(open)
    expect(found()).toEqual(['a', 'b', 'c'])
    b?.end()
    expect(found()).toEqual(['a', 'c'])
    a?.end()
    expect(found()).toEqual(['c'])
    c?.end()
    expect(found()).toEqual([])
    open('d')
    expect(found()).toEqual(['d'])
    open('e')
    expect(found()).toEqual(['d', 'e'])
    open('f')
    expect(found()).toEqual(['d', 'e', 'f'])
  })
})
