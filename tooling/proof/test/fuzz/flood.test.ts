import { createHub } from '@conn-hub/core'
import { createFaultTransport } from '@conn-hub/testkit'
import { describe, expect, it } from 'vitest'
import { flood } from './flood.js'

describe('10,000 sessions that others open at once', () => {
  it('are all tracked, and leave nothing when they have gone', async () => {
    const { entries, links, left } = await flood()
    expect({ entries, links }).toEqual({ entries: 10_000, links: 10_000 })
    expect(left).toEqual({ entries: 0, links: 0 })
  })

  it('are told to all, though one listener throws at each event; each error is told once', async () => {
    const { events, errors } = await flood()
    expect({ events, errors }).toEqual({ events: 20_000, errors: 20_000 })
  })

  it('cost a reader who never comes no more than its capacity', async () => {
    expect((await flood()).waiting).toBe(1_000)
  })
})

describe('a listener that throws at every event of every type', () => {
  it('changes nothing for the others, and each error is told once with its origin', async () => {
    const transport = createFaultTransport()
    const told: string[] = []
    const hub = createHub({
      transport,
      onError: (error, { call }) => told.push(`${call}: ${(error as Error).message}`),
    })
    const types = [
      ...(['connecting', 'connecting-failed', 'connected'] as const),
      ...(['disconnecting', 'disconnecting-failed', 'disconnected'] as const),
      ...(['*', 'change', 'close'] as const),
    ]
    const heard: string[] = []
    for (const type of types) {
      hub.on(type, () => {
        throw new Error('bad')
      })
      hub.on(type, () => heard.push(type))
    }

    const failing = hub.connect('fault:a').catch((error) => error.code)
    transport.lastDial.fail()
    const connecting = hub.connect('fault:a')
    const session = transport.lastDial.succeed()
    session.onClose = 'throw'
    const refusing = hub.disconnect('fault:a').catch((error) => error.code)
    session.onClose = 'at-once'
    const closing = hub.disconnect('fault:a')

    expect(await Promise.all([failing, connecting, refusing, closing])).toEqual([
      'DIAL_FAILED',
      session,
      'CLOSE_FAILED',
      true,
    ])
    await hub.close()
    expect(heard).toEqual([
      ...['connecting', '*', 'change', 'connecting-failed', '*', 'change'],
      ...['connecting', '*', 'change', 'connected', '*', 'change'],
      ...['disconnecting', '*', 'change', 'disconnecting-failed', '*', 'change'],
      ...['disconnecting', '*', 'change', 'disconnected', '*', 'change'],
      'close',
    ])
    expect(told).toEqual(heard.map((type) => `${type}: bad`))
  })
})
