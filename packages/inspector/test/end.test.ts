import { once } from 'node:events'
import { connect } from 'node:net'
import { serveInspector } from '@conn-hub/inspector'
import { until } from '@conn-hub/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { journalOf } from '../src/journal.js'
import { ask, setup } from './support.js'

describe('close()', () => {
  it('ends streams and connections at once, and leaves nothing with the hub', async () => {
    const { inspector, open, stream, subscriptions } = await setup()
    open('a')
    const reader = await stream()
    await reader.heard(1)
    const { hostname, port } = new URL(inspector.url)
    const silent = connect(Number(port), hostname)
    await once(silent, 'connect')
    const silentEnded = once(silent, 'close')
    const closing = inspector.close()
    expect(subscriptions()).toBe(0)
    await closing
    await silentEnded
    await until(() => reader.ended, 'the stream has ended')
    await expect(ask(inspector.url)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('may be called again', async () => {
    const { inspector } = await setup()
    await Promise.all([inspector.close(), inspector.close()])
    await inspector.close()
  })

  it('leaves the port to the next one, where a reader goes on', async () => {
    const { hub, open, inspector, stream } = await setup()
    open('a')
    const reader = await stream()
    await reader.heard(1)
    await inspector.close()
    const { port, pathname } = new URL(inspector.url)
    const options = { port: Number(port), token: pathname.slice(1, -1) }
    const next = await serveInspector(hub, options)
    onTestFinished(() => next.close())
    expect(next.url).toBe(inspector.url)
    open('b')
    const again = await stream({ after: reader.place ?? '' })
    await again.heard(2)
    expect([again.missed, again.events.length]).toEqual([0, 1])
  })
})

it('a reader that goes leaves nothing with the hub', async () => {
  const { hub, stream, subscriptions } = await setup()
  const { changes } = journalOf(hub).kept
  const reader = await stream()
  await reader.saw('snapshot')
  expect([changes.readers, subscriptions()]).toEqual([1, 5])
  reader.close()
  await until(() => changes.readers === 0, 'what the reader had has been dropped')
})
