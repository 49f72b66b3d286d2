import { createHub } from '@conn-hub/core'
import { bundleOf } from '@conn-hub/testkit/bundle'
import { describe, expect, it, onTestFinished, vi } from 'vitest'

const HERE = import.meta.dirname
const ALL = "export * from '@conn-hub/websocket'"

const HUB = `
  export { createHub } from '@conn-hub/core'
  export { events, liveEntries, changes } from '@conn-hub/async-iterator'
`

const TRANSPORT = `
  export { createWebSocketTransport, tokenIdentity, watchPage } from '@conn-hub/websocket'
`

describe('the entry for browsers', () => {
  it.each(['browser', 'react-native'])(
    'by the condition %s, has nothing of the server',
    async (condition) => {
      const { files, text } = await bundleOf(ALL, HERE, {
        platform: 'neutral',
        conditions: [condition, '@conn-hub/source'],
      })
      expect(files).toContain('websocket/src/browser.ts')
      expect(files.filter((file) => file.includes('websocket/src/node/'))).toEqual([])
      for (const word of [
        'node:',
        'x-forwarded-for',
        'trustedProxies',
        'terminate',
        'maxPayload',
        'require(',
      ]) {
        expect(text).not.toContain(word)
      }
    },
  )

  it('leaves these words to the one for Node', async () => {
    const { text } = await bundleOf(ALL, HERE, {
      platform: 'node',
      conditions: ['@conn-hub/source'],
    })
    for (const word of ['node:', 'x-forwarded-for', 'trustedProxies', 'terminate', 'maxPayload']) {
      expect(text).toContain(word)
    }
  })

  it('refuses the options of a server by their names', async () => {
    const { createWebSocketTransport } = await import('../src/browser.js')
    expect(() => createWebSocketTransport({ server: {} } as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    )
  })

  it('refuses a name that is no option of watchPage()', async () => {
    const { watchPage } = await import('../src/browser.js')
    expect(() => watchPage({} as never, { timeot: 1 } as never)).toThrow(
      'There is no option "timeot". The options here are timeout.',
    )
  })

  it.each([0, 1.5, '5', Number.POSITIVE_INFINITY])(
    'refuses %j as the timeout of watchPage()',
    async (timeout) => {
      const { watchPage } = await import('../src/browser.js')
      expect(() => watchPage({} as never, { timeout } as never)).toThrow(
        expect.objectContaining({ code: 'INVALID_OPTION' }),
      )
    },
  )

  it('watches over a page once for each call, and not at all where the hub has closed', async () => {
    const { watchPage } = await import('../src/browser.js')
    const live = new Set<unknown>()
    class Page extends EventTarget {
      override addEventListener(
        type: string,
        listener: never,
        { signal }: { signal: AbortSignal },
      ) {
        const key = {}
        live.add(key)
        signal.addEventListener('abort', () => live.delete(key))
        super.addEventListener(type, listener, { signal })
      }
    }
    const page = new Page()
    vi.stubGlobal('document', page)
    vi.stubGlobal('addEventListener', page.addEventListener.bind(page))
    onTestFinished(() => void vi.unstubAllGlobals())
    const hub = createHub({ transport: { describe: () => ({}), dial: () => {} } })
    const stop = watchPage(hub)
    const once = live.size
    expect(once).toBeGreaterThan(0)
    watchPage(hub)
    expect(live.size).toBe(2 * once)
    stop()
    stop()
    expect(live.size).toBe(once)
    await hub.close()
    expect(live.size).toBe(0)
    expect(() => watchPage(hub)).toThrow(expect.objectContaining({ code: 'HUB_CLOSED' }))
    expect(live.size).toBe(0)
  })

  it('adds at most 4,550 bytes to a page that has the hub and the iterators, minified and gzipped', async () => {
    const [without, all] = [await bundleOf(HUB, HERE), await bundleOf(HUB + TRANSPORT, HERE)]
    const added = all.size - without.size
    // A little above what is there today: who needs more says so here.
    expect(added).toBeLessThanOrEqual(4_550)
    // An empty bundle would be small, too.
    expect(added).toBeGreaterThan(3_000)
    expect(all.size).toBeLessThanOrEqual(15_560)
  })
})
