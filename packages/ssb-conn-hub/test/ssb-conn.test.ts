import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { until } from '@conn-hub/testkit'
import { expect, it } from 'vitest'
import { type App, startApp } from './ssb-conn-app/start.js'

const ofOneConnection = ['connecting', 'connected']
const ofOneEnd = ['disconnecting', 'disconnected']

/** Both sides agree, with each other and with their sbots. */
const agree = async (links: number, ...apps: App[]): Promise<void> => {
  for (const app of apps) {
    await until(async () => (await app.call('livePeers')) === links, `there are ${links} links`)
    const entries = (await app.call('entries')) as [string, { state: string }][]
    expect(entries.map(([, { state }]) => state)).toEqual(Array(links).fill('connected'))
  }
}

it('ssb-conn 6.0.4 on secret-stack 6.4.2 stages, connects, disconnects, resets, and stands a kill', async () => {
  const shs = randomBytes(32).toString('base64')
  const [a, b] = await Promise.all([startApp(shs), startApp(shs)])
  try {
    expect([a.isDropIn, b.isDropIn]).toEqual([true, true])
    const { address } = b

    // Staged, then connected: ssb-conn's glue moves its data over, and unstages it.
    expect(await a.call('stage', { address, data: { type: 'lan', key: b.id, note: 'near' } })).toBe(
      true,
    )
    expect(await a.call('staged')).toEqual([address])
    expect(await a.call('connect', { address, data: {} })).toBe(b.id)
    expect(await a.call('staged')).toEqual([])
    expect(await a.call('connected')).toMatchObject([[address, { state: 'connected', key: b.id }]])
    expect(await a.call('entries')).toMatchObject([[address, { note: 'near', type: 'lan' }]])
    await agree(1, a, b)
    expect(a.told()).toEqual(ofOneConnection)
    expect(b.told()).toEqual(['connected'])

    expect(await a.call('disconnect', { address })).toBe(true)
    await agree(0, a, b)
    expect(a.told()).toEqual(ofOneEnd)
    expect(b.told()).toEqual(['disconnected'])

    await a.call('connect', { address })
    await agree(1, a, b)
    await a.call('reset')
    await agree(0, a, b)
    expect(a.told()).toEqual([...ofOneConnection, ...ofOneEnd])
    expect(b.told()).toEqual(['connected', 'disconnected'])

    // The scheduler runs, and stopping it resets the hub.
    await a.call('connect', { address })
    await a.call('start')
    await agree(1, a, b)
    await a.call('stop')
    await agree(0, a, b)
    expect(a.told()).toEqual([...ofOneConnection, ...ofOneEnd])

    await a.call('connect', { address })
    await agree(1, a)
    const killed = once(b.process, 'exit')
    b.process.kill('SIGKILL')
    await agree(0, a)
    // Its links end before its port does.
    await killed
    expect(a.told()).toEqual([...ofOneConnection, 'disconnected'])
    await expect(a.call('connect', { address })).rejects.toThrow('ECONNREFUSED')
    expect(a.told()).toEqual(['connecting', 'connecting-failed'])
    await agree(0, a)

    // It ends by itself: nothing of the hub holds the process.
    const exit = once(a.process, 'exit')
    a.call('close').catch(() => {})
    expect(await exit).toEqual([0, null])
  } finally {
    await Promise.all([a.end(), b.end()])
  }
})
