import { createHub } from '@conn-hub/core'
import { createFaultTransport } from '@conn-hub/testkit'
import { expect, it, onTestFinished, vi } from 'vitest'
import { createChanges } from '../src/kept/changes.js'

const setup = () => {
  const transport = createFaultTransport()
  const hub = createHub({ transport, onError: () => {} })
  onTestFinished(() => hub.close())
  const changes = createChanges()
  hub.on('change', changes.add)
  const open = (name: string) => transport.inbound(`fault:${name}`)
  return { hub, open, changes }
}

it('wakes a reader once, with the first change after it took', () => {
  const { open, changes } = setup()
  const wake = vi.fn()
  const reader = changes.read(wake)
  reader.take()
  for (const name of ['a', 'b', 'c']) open(name)
  expect(wake).toHaveBeenCalledTimes(1)
  const { set } = reader.take() ?? {}
  expect(set?.map(({ address }) => address)).toEqual(['fault:a', 'fault:b', 'fault:c'])
  open('d')
  expect(wake).toHaveBeenCalledTimes(2)
})

it('tells the last of each address, and not what one knows; who left and came back is the newest', () => {
  const { open, changes } = setup()
  const first = open('a')
  open('b')
  const reader = changes.read(() => {})
  reader.take()
  open('visitor').end()
  expect(reader.take()).toEqual({ set: [], gone: ['fault:visitor'] })
  expect(reader.take()).toEqual({ set: [], gone: [] })
  first.end()
  open('c')
  const again = open('a')
  expect(reader.take()?.set.map(({ address }) => address)).toEqual(['fault:c', 'fault:a'])
  again.end()
  expect(reader.take()).toEqual({ set: [], gone: ['fault:a'] })
})

it('who is behind by more than 10,000 begins anew, and nothing is kept that all know', () => {
  const { hub, open, changes } = setup()
  open('a')
  const early = changes.read(() => {})
  const late = changes.read(() => {})
  for (const reader of [early, late]) expect(reader.take()).toBe(undefined)
  const update = (times: number) => {
    for (let n = 0; n < times; n++) hub.update('fault:a', { n })
  }
  update(10_000)
  expect(early.take()?.set).toHaveLength(1)
  update(1)
  expect([early.take()?.set.length, late.take()]).toEqual([1, undefined])
  expect(changes.waiting).toBe(0)
  update(3)
  early.take()
  expect(changes.waiting).toBe(3)
  late.stop()
  expect(changes.waiting).toBe(0)
  early.stop()
  update(3)
  expect(changes.waiting).toBe(0)
})
