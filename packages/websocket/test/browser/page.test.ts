import { inBrowser } from '@conn-hub/testkit/browser'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { tokenIdentity } from '../../src/index.js'
import { startProxy } from '../proxy.js'
import { createServed, type Options, sessionOf, take, until } from '../support.js'
import { openPage } from './browser.js'

interface Started {
  hub: import('@conn-hub/core').Hub<import('@conn-hub/websocket').WebSocketLink>
  events: string[]
  stop(): void
}
declare const start: (options: object) => Started
declare const app: Started

const opened = async (options: Options = {}, pageOptions: object = {}) => {
  const { page, origin } = await openPage('page-page.ts')
  const there = await createServed({ origins: [origin], closeTimeout: 300, ...options })
  const proxy = await startProxy(there.port)
  await page.evaluate(
    async ([url, given]) => {
      Object.assign(globalThis, { app: start(given as object) })
      await app.hub.connect(url as string)
    },
    [proxy.url, pageOptions] as const,
  )
  await until(() => there.hub.size === 1, 'it is there')
  return { page, there, proxy, origin }
}

const eventsOf = (page: Page) => page.evaluate(() => app.events)

/** How often the page has asked for a sign of life. */
const countProbes = (server: Awaited<ReturnType<typeof createServed>>['server']) => {
  const count = { probes: 0 }
  for (const socket of server.clients) {
    socket.on('message', (data) => {
      if (String(data) === 'conn-hub ping') count.probes++
    })
  }
  return count
}

inBrowser('a page', () => {
  it('shows a token, talks, and is told what it may not', async () => {
    const identity = tokenIdentity({ verify: (token) => (token === 'good' ? 'anna' : undefined) })
    const { page, there, proxy } = await opened({ identity }, { token: 'good' })
    expect(there.hub.byKey('anna')).toHaveLength(1)
    const heard = page.evaluate(async (url) => {
      const link = await app.hub.connect(url)
      link.send('hello')
      link.send(new Uint8Array([1, 2]))
      for await (const message of link) return String(message)
      return ''
    }, proxy.url)
    const link = sessionOf(there.hub).handle
    expect(await take(link, 2)).toEqual(['hello', new Uint8Array([1, 2])])
    link.send('welcome')
    expect(await heard).toBe('welcome')
    const code = await page.evaluate(async (url) => {
      const other = start({ token: 'bad' })
      return other.hub.connect(url).catch((error: { code: string }) => error.code)
    }, proxy.url)
    expect(code).toBe('UNAUTHORIZED')
  })

  it('that reads too slowly closes its link, and both sides know why', async () => {
    const { page, there } = await opened({}, { maxQueue: 10_000 })
    const link = sessionOf(there.hub).handle
    for (let i = 0; i < 20; i++) link.send('x'.repeat(1_000))
    await until(() => there.hub.size === 0, 'it is closed')
    expect(there.recording.events.at(-1)).toMatchObject({
      reason: 'refused',
      error: { code: 'REFUSED' },
    })
    expect((await eventsOf(page)).at(-1)).toBe('disconnected queue-full remote')
  })

  it('that ends a link tells why', async () => {
    const { page, there, proxy } = await opened()
    await page.evaluate((url) => app.hub.disconnect(url, { reason: 'restart' }), proxy.url)
    await until(() => there.hub.size === 0, 'it is closed')
    expect(there.recording.events.at(-1)).toMatchObject({ reason: 'restart' })
  })

  it('waits for room to send', async () => {
    const { page, there } = await opened()
    const sent = page.evaluate(async () => {
      const link = app.hub.snapshot()[0]?.sessions[0]?.handle
      if (!link) throw new Error('no link')
      let bytes = 0
      while (link.send(new Uint8Array(100_000))) bytes += 100_000
      await link.drained()
      return { bytes, left: link.bufferedAmount < 1_048_576 }
    })
    const link = sessionOf(there.hub).handle
    void take(link, 1_000)
    expect(await sent).toMatchObject({ left: true })
  })

  it('that is closed, or goes elsewhere, is gone at once: going-away', async () => {
    for (const leave of ['close', 'goto'] as const) {
      const { page, there, origin } = await opened()
      await (leave === 'close' ? page.close() : page.goto(`${origin}/?elsewhere`))
      await until(() => there.hub.size === 0, 'it is gone')
      expect(there.recording.events.at(-1)).toMatchObject({
        reason: 'going-away',
        initiator: 'remote',
      })
    }
  })

  it('that hears that it is offline asks, and closes nothing that answers', async () => {
    const { page, there } = await opened()
    const count = countProbes(there.server)
    await page.evaluate(() => void window.dispatchEvent(new Event('offline')))
    await until(() => count.probes === 1, 'it has asked')
    await page.evaluate(() => void window.dispatchEvent(new Event('online')))
    await until(() => count.probes === 2, 'it has asked again')
    expect(await eventsOf(page)).toEqual(['connecting', 'connected'])
    expect(there.hub.size).toBe(1)
  })

  it('that is offline lets its link go, fails to dial at once, and dials when it is online again', async () => {
    const { page, proxy } = await opened()
    await page.context().setOffline(true)
    await until(async () => (await eventsOf(page)).length === 4, 'it is gone')
    expect((await eventsOf(page)).at(-1)).toBe('disconnected unresponsive local')
    const dial = (url: string) =>
      app.hub.connect(url).then(
        () => 'connected',
        (error: { code: string }) => error.code,
      )
    expect(await page.evaluate(dial, proxy.url)).toBe('DIAL_FAILED')
    await page.context().setOffline(false)
    expect(await page.evaluate(dial, proxy.url)).toBe('connected')
  })

  it.each(['offline', 'online', 'resume', 'pageshow'])(
    'whose network is silent finds out at %s, and lets the link go',
    async (event) => {
      const { page, proxy } = await opened()
      proxy.silent.add('up').add('down')
      await page.evaluate((type) => {
        const target = type === 'resume' ? document : window
        const shown = new PageTransitionEvent('pageshow', { persisted: true })
        target.dispatchEvent(type === 'pageshow' ? shown : new Event(type))
      }, event)
      await until(async () => (await eventsOf(page)).length > 3, 'it is gone')
      expect((await eventsOf(page)).slice(2)).toEqual([
        'disconnecting',
        'disconnected unresponsive local',
      ])
    },
  )

  it('asks after it was hidden for long, and after the clock has jumped, and not else', async () => {
    const { page, there } = await opened()
    const count = countProbes(there.server)
    await page.evaluate(() => {
      const { now } = Date
      const hide = (state: string) => {
        Object.defineProperty(document, 'visibilityState', { value: state, configurable: true })
        document.dispatchEvent(new Event('visibilitychange'))
      }
      hide('hidden')
      hide('visible')
      window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: false }))
      hide('hidden')
      Date.now = () => now() + 31_000
      hide('visible')
    })
    await until(() => count.probes === 1, 'it has asked')
    // The next look at the clock finds the same jump.
    await until(() => count.probes === 2, 'it has asked again')
    await page.evaluate(() => app.stop())
    await page.evaluate(() => void window.dispatchEvent(new Event('online')))
    await page.evaluate(async () => {
      const session = app.hub.snapshot()[0]?.sessions[0]
      await session?.probe?.(AbortSignal.timeout(5_000))
    })
    expect(count.probes).toBe(3)
  })
})

inBrowser(
  'a page in the cache of the browser',
  () => {
    it('has closed its links, and can dial again when it comes back', async () => {
      const { page, there, proxy, origin } = await opened()
      await page.goto(`${origin}/?elsewhere`)
      await until(() => there.hub.size === 0, 'the server has seen it')
      expect(there.recording.events.at(-1)).toMatchObject({ reason: 'going-away' })
      await page.goBack({ waitUntil: 'commit' })
      await until(async () => (await eventsOf(page)).length > 3, 'the page knows')
      expect((await eventsOf(page)).slice(2)).toEqual([
        'disconnecting',
        'disconnected going-away local',
      ])
      await page.evaluate(async (url) => void (await app.hub.connect(url)), proxy.url)
      expect(there.hub.size).toBe(1)
    })
  },
  { ignoreDefaultArgs: ['--disable-back-forward-cache'] },
)
