import { createRequire } from 'node:module'
import { type InspectorApi, inspectorPlugin } from '@conn-hub/inspector'
import {
  generateKeys,
  type Sbot,
  type SecretStackVersion,
  startSbot,
  until,
  withSbots,
} from '@conn-hub/testkit'
import { describe, expect, it, vi } from 'vitest'
import { ConnHub } from '../src/conn-hub.js'
import type { ConnHubApi, RemoteEvent } from '../src/plugin.js'
import { drain } from './setup.js'

const master = createRequire(import.meta.url)('ssb-master')
const apiOf = (remote: object): ConnHubApi<ConnHub> =>
  (remote as { connHub: ConnHubApi<ConnHub> }).connHub

/** Calls an async method of muxrpc. */
const call = (
  run: (callback: (error: unknown, value?: unknown) => void) => void,
): Promise<unknown> =>
  new Promise((resolve, reject) => {
    run((error, value) => (error ? reject(error) : resolve(value)))
  })

const dial = (from: Sbot, to: Sbot): Promise<unknown> =>
  call((callback) => from.ssb.connect(to.address, callback))

describe.each<SecretStackVersion>(['6.4', '8.1'])('as a plugin of secret-stack %s', (version) => {
  it('shows its hub to the inspector, which finds it by itself', async () => {
    vi.spyOn(console, 'log').mockImplementation(() => {})
    await withSbots(
      [{ version, plugins: [ConnHub, inspectorPlugin()] }, { version }],
      async (a, b) => {
        const { connHubInspector } = a.ssb as unknown as { connHubInspector: InspectorApi }
        const { body } = await fetch(`${await connHubInspector.url()}stream`)
        await dial(b, a)
        let said = ''
        for await (const part of body?.pipeThrough(new TextDecoderStream()) ?? []) {
          said += part
          if (said.includes('"type":"connected"')) break
        }
        expect(said).toContain(`"key":"${b.id}"`)
      },
    )
  })

  it('connects, shows and disconnects', async () => {
    await withSbots([{ version, plugins: [ConnHub] }, { version }], async (a, b) => {
      const api = apiOf(a.ssb)
      const events: RemoteEvent[] = []
      drain<RemoteEvent>(api.events(), (event) => events.push(event))
      const counts: number[] = []
      drain<unknown[]>(api.peers(), (entries) => counts.push(entries.length))
      expect(await call((callback) => api.connect(b.address, { note: 'x' }, callback))).toBe(true)
      expect(api.hub().getState(b.address)).toBe('connected')
      expect(await call((callback) => api.disconnect(b.address, callback))).toBe(true)
      expect(events).toEqual([
        { type: 'connecting', address: b.address, key: b.id },
        { type: 'connected', address: b.address, key: b.id, isClient: true },
        { type: 'disconnecting', address: b.address, key: b.id },
        { type: 'disconnected', address: b.address, key: b.id },
      ])
      expect(counts).toEqual([0, 1, 1, 1, 0])
    })
  })

  it('says why a connect failed', async () => {
    await withSbots([{ version, plugins: [ConnHub] }, { version }], async (a, b) => {
      const api = apiOf(a.ssb)
      const events: RemoteEvent[] = []
      drain<RemoteEvent>(api.events(), (event) => events.push(event))
      await b.close()
      await expect(call((callback) => api.connect(b.address, callback))).rejects.toThrow(
        'ECONNREFUSED',
      )
      expect(events.at(-1)).toMatchObject({
        type: 'connecting-failed',
        error: { code: 'ECONNREFUSED' },
      })
    })
  })

  it('closes the hub with the sbot', async () => {
    await withSbots([{ version, plugins: [ConnHub] }], async (a) => {
      const hub = apiOf(a.ssb).hub()
      await a.close()
      expect(() => hub.entries()).toThrow('closed')
    })
  })

  it('lets the owner call over the network, and nobody else', async () => {
    const plugins = [master, ConnHub]
    const keys = generateKeys()
    await withSbots(
      [
        { version, plugins, keys },
        { version, plugins },
      ],
      async (a, stranger) => {
        const strange = apiOf((await dial(stranger, a)) as object)
        await expect(
          call((callback) => strange.connect(stranger.address, callback)),
        ).rejects.toThrow(/not (in list of )?allowed|permission/i)
        // The owner is who has the same key.
        const owner = await startSbot({ version, plugins, keys })
        try {
          const own = apiOf((await dial(owner, a)) as object)
          expect(await call((callback) => own.connect(stranger.address, callback))).toBe(true)
          const live: [string, { state: string }][][] = []
          drain<[string, { state: string }][]>(own.peers(), (entries) => live.push(entries))
          await until(() => live.length > 0, 'the entries have come over muxrpc')
          expect(live[0]?.map(([address, { state }]) => [address, state])).toContainEqual([
            stranger.address,
            'connected',
          ])
        } finally {
          await owner.close()
        }
      },
    )
  })
})
