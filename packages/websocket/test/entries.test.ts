import { bundleOf } from '@conn-hub/testkit/bundle'
import { describe, expect, it } from 'vitest'

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

  it('adds at most 5,150 bytes to a page that has the hub and the iterators, minified and gzipped', async () => {
    const [without, all] = [await bundleOf(HUB, HERE), await bundleOf(HUB + TRANSPORT, HERE)]
    const added = all.size - without.size
    // A little above what is there today: who needs more says so here.
    expect(added).toBeLessThanOrEqual(5_150)
    // An empty bundle would be small, too.
    expect(added).toBeGreaterThan(3_000)
  })
})
