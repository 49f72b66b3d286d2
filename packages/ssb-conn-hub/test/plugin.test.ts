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
import { type ConnHubApi, type RemoteEvent, toApi } from '../src/plugin.js'
import type { ConnectionData } from '../src/types.js'
import { drain, setup } from './setup.js'
import { addressOf } from './stub-sbot.js'

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

/** A hub of so many entries, as the plugin serves it. */
const served = (count: number) => {
  const { hub, ssb } = setup()
  const addresses = Array.from({ length: count }, (_, i) => addressOf('a', `10.0.0.1:${i + 1}`))
  for (const address of addresses) hub.connect(address).catch(() => {})
  return { hub, ssb, addresses, api: toApi(hub) }
}

describe('peers()', () => {
  it('looks at what has changed alone, for all its readers together', () => {
    const { hub, addresses, api } = served(500)
    const stringified = vi.spyOn(JSON, 'stringify')
    const told: string[] = []
    for (const name of ['a', 'b', 'c']) drain<unknown[]>(api.peers(), () => told.push(name))
    expect(stringified).toHaveBeenCalledTimes(500)
    hub.update(addresses[7] as string, { note: 'x' })
    expect(stringified).toHaveBeenCalledTimes(501)
    expect(told).toEqual(['a', 'b', 'c', 'a', 'b', 'c'])
  })

  it('gives what crosses muxrpc, whatever others keep on an entry or write on it later', () => {
    const { hub, addresses, api } = served(2)
    const [one, other] = addresses as [string, string]
    const cycle: { itself?: unknown } = {}
    cycle.itself = cycle
    hub.update(one, { cycle })
    hub.update(other, { note: 'kept', nested: { deep: true } })
    const seen: [string, ConnectionData][][] = []
    const source = () => drain<[string, ConnectionData][]>(api.peers(), (all) => seen.push(all))
    source()
    for (const [, data] of hub.entries()) data.late = cycle
    source()
    for (const [first, second] of seen.map((all) => all.map(([, data]) => data))) {
      expect(Object.keys(first ?? {})).toEqual(['key', 'state', 'hubBirth', 'hubUpdated'])
      expect(second).toMatchObject({ note: 'kept', nested: { deep: true }, state: 'connecting' })
      expect(second).not.toHaveProperty('late')
    }
    expect(seen).toHaveLength(2)
    expect(() => JSON.stringify(seen)).not.toThrow()
  })
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

  it('calls back whatever is missing before the callback, with the code in the message', async () => {
    await withSbots([{ version, plugins: [ConnHub] }], async (a) => {
      const api = apiOf(a.ssb) as unknown as Record<string, (...given: unknown[]) => void>
      const outcomeOf = (name: string, ...given: unknown[]) =>
        call((callback) => api[name]?.(...given, callback)).catch((error) => error)
      for (const given of [[], [undefined], [null], [undefined, {}], ['No Sense']]) {
        const error = (await outcomeOf('connect', ...given)) as Error
        expect(error.message).toBe(
          'INVALID_ADDRESS: The given address is not a valid multiserver-address',
        )
        expect(error).toMatchObject({ code: 'INVALID_ADDRESS', cause: { code: 'INVALID_ADDRESS' } })
      }
      for (const given of [[], [undefined], [null]]) {
        expect(await outcomeOf('disconnect', ...given)).toBe(false)
      }
      // Nobody to call back: nobody is harmed.
      api.connect?.()
      api.disconnect?.()
    })
  })

  it('leaves an error alone that says its code already, or has none', async () => {
    await withSbots([{ version, plugins: [ConnHub] }, { version }], async (a, b) => {
      const api = apiOf(a.ssb)
      await b.close()
      const error = await call((callback) => api.connect(b.address, callback)).catch((e) => e)
      expect(error).toMatchObject({ code: 'ECONNREFUSED' })
      expect((error as Error).message).toMatch(/^connect ECONNREFUSED/)
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
          // With too little the owner gets an answer too, and the code is in it.
          const short = own as unknown as Record<
            string,
            (callback: (error: unknown) => void) => void
          >
          await expect(call((callback) => short.connect?.(callback))).rejects.toThrow(
            'INVALID_ADDRESS: ',
          )
          expect(await call((callback) => short.disconnect?.(callback))).toBe(false)
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
