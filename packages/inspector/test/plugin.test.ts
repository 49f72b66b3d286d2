import { createHub } from '@conn-hub/core'
import { type InspectorApi, inspectorPlugin } from '@conn-hub/inspector'
import { toTransport } from '@conn-hub/secret-stack'
import {
  createFaultTransport,
  type SecretStackVersion,
  type Ssb,
  until,
  withSbots,
} from '@conn-hub/testkit'
import { describe, expect, it, vi } from 'vitest'
import { ask, openStream } from './support.js'

const urlOf = (ssb: Ssb): Promise<string> =>
  (ssb as never as { connHubInspector: InspectorApi }).connHubInspector.url()

/** The hub of an sbot that has no other plugin for it. */
const hub = (ssb: object) => createHub<unknown>({ transport: toTransport(ssb as never) as never })

describe.each<SecretStackVersion>(['6.3', '6.4', '7.1', '8.1'])(
  'as a plugin of secret-stack %s',
  (version) => {
    it('shows the hub, prints its address, and ends with the sbot', async () => {
      const log = vi.spyOn(console, 'log').mockImplementation(() => {})
      const plugins = [inspectorPlugin({ hub })]
      await withSbots([{ version, plugins }, { version }], async (a, b) => {
        const url = await urlOf(a.ssb)
        expect(log).toHaveBeenCalledWith(`conn-hub inspector: ${url}`)
        const reader = await openStream(url)
        b.ssb.connect(a.address, () => {})
        await reader.heard(1)
        expect(reader.events).toMatchObject([
          { type: 'connected', key: b.id, direction: 'inbound' },
        ])
        expect([...reader.entries.values()]).toMatchObject([{ key: b.id, state: 'connected' }])
        await a.close()
        await until(() => reader.ended, 'the stream has ended')
        await expect(ask(url)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
      })
    })
  },
)

describe('as a plugin', () => {
  it.each(['connHub', 'conn'])('finds the hub below ssb.%s by itself', async (name) => {
    vi.spyOn(console, 'log').mockImplementation(() => {})
    const core = createHub({ transport: createFaultTransport() })
    const before = {
      name,
      version: '1.0.0',
      manifest: {},
      init: () => ({ hub: () => ({ [Symbol.for('@conn-hub/Hub')]: core }) }),
    }
    await withSbots([{ plugins: [before, inspectorPlugin()] }], async ({ ssb }) => {
      core.connect('fault:a').catch(() => {})
      const reader = await openStream(await urlOf(ssb))
      await reader.saw('snapshot')
      expect([...reader.entries.keys()]).toEqual(['fault:a'])
    })
  })

  it.each([
    ['no hub', {}],
    ['a hub of somebody else', { connHub: { hub: () => ({}) } }],
  ])('says that it needs a hub where there is %s', (_, ssb) => {
    expect(() => inspectorPlugin().init(ssb as never)).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTION',
        message: 'The option "hub" is needed: no plugin before this one has a hub to show.',
      }),
    )
  })

  it('tells its address to the logger that it is given, or to nobody', async () => {
    const print = vi.spyOn(console, 'log').mockImplementation(() => {})
    const told: string[] = []
    const logger = {
      info: (message: string) => void told.push(message),
      error: (message: string) => void told.push(message),
    }
    await withSbots([{ plugins: [inspectorPlugin({ hub, logger })] }], async ({ ssb }) => {
      expect(told).toEqual([`conn-hub inspector: ${await urlOf(ssb)}`])
    })
    await withSbots([{ plugins: [inspectorPlugin({ hub, logger: false })] }], async ({ ssb }) => {
      expect((await ask(await urlOf(ssb))).status).toBe(200)
    })
    expect(print).not.toHaveBeenCalled()
  })

  it('tells the key of the sbot as its own', async () => {
    const plugins = [inspectorPlugin({ hub, logger: false })]
    await withSbots([{ plugins }], async ({ ssb, id }) => {
      const reader = await openStream(await urlOf(ssb))
      await reader.saw('hello')
      expect(reader.of('hello')[0]?.key).toBe(id)
    })
  })

  it('lets the sbot run where it cannot, and says why', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {})
    await withSbots([{ plugins: [inspectorPlugin({ hub, port: -1 })] }], async ({ ssb }) => {
      await expect(urlOf(ssb)).rejects.toMatchObject({ code: 'INVALID_OPTION' })
      expect(error.mock.calls[0]?.[0]).toMatch(/^conn-hub inspector: it does not run: .*"port"/)
    })
  })
})
