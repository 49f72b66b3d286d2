import { createHub, type Hub } from '@conn-hub/core'
import { toTransport } from '@conn-hub/secret-stack'
import {
  findPort,
  type Recording,
  record,
  type Sbot,
  type SbotRpc,
  type SecretStackVersion,
  until,
  withSbots,
} from '@conn-hub/testkit'
import { describe, expect, it, vi } from 'vitest'
import { expectAgreement, rpcsOf } from './agreement.js'

interface Peer extends Sbot {
  readonly hub: Hub<SbotRpc>
  readonly recording: Recording<SbotRpc>
}

const toPeer = (sbot: Sbot): Peer => {
  const hub = createHub({ transport: toTransport(sbot.ssb) })
  return { ...sbot, hub, recording: record(hub) }
}

const dataOf = ({ id }: Sbot): string => id.slice('@'.length, -'.ed25519'.length)

const atLocalhost = ({ address }: Sbot): string => address.replace('127.0.0.1', 'localhost')

const untilSize = (count: number, ...peers: Peer[]) =>
  until(() => peers.every(({ hub }) => hub.size === count), `all hubs have ${count} entries`)

const expectAllAgree = (...peers: Peer[]) => {
  for (const peer of peers) expectAgreement(peer.hub, peer)
}

/** Gives a stream that never ends. */
const endless = {
  name: 'endless',
  version: '1.0.0',
  manifest: { stream: 'source' },
  permissions: { anonymous: { allow: ['stream'] } },
  init: () => ({ stream: () => (abort: unknown, cb: Read) => abort && cb(abort) }),
}

type Read = (end: unknown, data?: unknown) => void
type WithEndless = { endless: { stream(): (abort: null, cb: Read) => void } }

/** The sockets and servers that keep this process alive. */
const openTcp = (): number =>
  process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length

describe.each<[SecretStackVersion, SecretStackVersion]>([
  ['6.3', '6.3'],
  ['6.4', '6.4'],
  ['7.1', '7.1'],
  ['8.1', '8.1'],
  ['6.4', '8.1'],
])('secret-stack %s and %s', (ours, theirs) => {
  /** Two sbots that do not know each other yet, each with a hub. */
  const meeting = (test: (a: Peer, b: Peer) => Promise<void>) =>
    withSbots(
      [
        { version: ours, plugins: [endless] },
        { version: theirs, plugins: [endless] },
      ],
      (a, b) => test(toPeer(a), toPeer(b)),
    )

  /** The same, once `a` has dialed `b`. */
  const connected = (test: (a: Peer, b: Peer, rpc: SbotRpc) => Promise<void>) =>
    meeting(async (a, b) => {
      const rpc = await a.hub.connect(b.address)
      await untilSize(1, a, b)
      for (const { recording } of [a, b]) recording.lines()
      await test(a, b, rpc)
    })

  it('connect, and both hubs tell it', () =>
    meeting(async (a, b) => {
      const rpc = await a.hub.connect(b.address)
      expect(rpc.id).toBe(b.id)
      await untilSize(1, b)
      expect(a.recording.events).toMatchObject([
        { type: 'connecting', address: b.address, key: b.id },
        { type: 'connected', address: b.address, key: b.id, direction: 'outbound' },
      ])
      expect(b.recording.events).toMatchObject([
        {
          type: 'connected',
          address: expect.stringMatching(/^net:127\.0\.0\.1:\d+~shs:/),
          key: a.id,
          direction: 'inbound',
        },
      ])
      expect(a.hub.get(b.address)).toMatchObject({ kind: 'lan', sessions: [{ handle: rpc }] })
      expect(b.hub.byKey(a.id)).toMatchObject([{ state: 'connected', kind: 'lan' }])
      expect(b.hub.snapshot()[0]?.address.endsWith(`~shs:${dataOf(a)}`)).toBe(true)
      expectAllAgree(a, b)
    }))

  it('have the entry before later listeners of rpc:connect hear of it', () =>
    meeting(async (a, b) => {
      const states: unknown[] = []
      a.ssb.on('rpc:connect', () => states.push(a.hub.getState(b.address)))
      b.ssb.on('rpc:connect', (rpc: SbotRpc) => states.push(b.hub.getState(rpc.stream.address)))
      await a.hub.connect(b.address)
      await untilSize(1, b)
      expect(states).toEqual(['connected', 'connected'])
    }))

  it('disconnect from the side that dialed', () =>
    connected(async (a, b, rpc) => {
      expect(await a.hub.disconnect(b.address, { reason: 'bored' })).toBe(true)
      expect(rpc.closed).toBe(true)
      expectAgreement(a.hub, a)
      await untilSize(0, a, b)
      expectAgreement(b.hub, b)
      expect(a.recording.events.slice(-2)).toMatchObject([
        { type: 'disconnecting', reason: 'bored' },
        { type: 'disconnected', reason: 'bored', initiator: 'local' },
      ])
      expect(b.recording.events.slice(1)).toMatchObject([
        { type: 'disconnected', key: a.id, initiator: 'remote' },
      ])
    }))

  it('disconnect from the side that was dialed', () =>
    connected(async (a, b) => {
      const [entry] = b.hub.snapshot()
      expect(await b.hub.disconnect(entry?.address as string)).toBe(true)
      await untilSize(0, a, b)
      expectAllAgree(a, b)
      expect(b.recording.lines()).toEqual([
        `disconnecting ${entry?.address}`,
        `disconnected ${entry?.address}`,
      ])
      expect(a.recording.lines()).toEqual([`disconnected ${b.address}`])
      expect(a.recording.events.at(-1)).toMatchObject({ initiator: 'remote' })
    }))

  it('disconnect although a stream is open', () =>
    connected(async (a, b, rpc) => {
      const ended = new Promise((resolve) => {
        ;(rpc as SbotRpc & WithEndless).endless.stream()(null, resolve)
      })
      expect(await a.hub.disconnect(b.address)).toBe(true)
      expect(await ended).toBeTruthy()
      await untilSize(0, a, b)
      expectAllAgree(a, b)
    }))

  it('connect again after a disconnect', () =>
    connected(async (a, b, rpc) => {
      await a.hub.disconnect(b.address)
      const again = await a.hub.connect(b.address)
      expect(again).not.toBe(rpc)
      await until(() => b.recording.events.length === 3, 'the other side has seen both')
      expectAllAgree(a, b)
    }))

  it('see it when the other sbot closes', () =>
    connected(async (a, b) => {
      b.ssb.close(true, () => {})
      await untilSize(0, a, b)
      expectAllAgree(a, b)
      expect(a.recording.events.slice(2)).toMatchObject([
        { type: 'disconnected', address: b.address, initiator: 'remote' },
      ])
    }))

  it('refuse a wrong key', () =>
    withSbots([{}], (other) =>
      meeting(async (a, b) => {
        // The sbot that is dialed prints that the handshake failed.
        const printed = vi.spyOn(console, 'error').mockReturnValue()
        const address = `net:127.0.0.1:${b.port}~shs:${dataOf(other)}`
        await expect(a.hub.connect(address)).rejects.toMatchObject({ code: 'DIAL_FAILED' })
        expect(a.recording.lines()).toEqual([
          `connecting ${address}`,
          `connecting-failed ${address}`,
        ])
        await until(() => printed.mock.calls.length > 0, 'both sides have given up')
        expect([a.hub.size, b.hub.size]).toEqual([0, 0])
        expect([...rpcsOf(a), ...rpcsOf(b)]).toEqual([])
      }),
    ))

  it('have no entry under a key that only one of two alternatives of the address names', () =>
    withSbots([{}], (victim) =>
      meeting(async (a, evil) => {
        const address = `onion:a:1~shs:${dataOf(victim)};${evil.address}`
        expect((await a.hub.connect(address)).id).toBe(evil.id)
        expect(a.hub.byKey(victim.id)).toEqual([])
        expect(a.hub.byKey(evil.id)).toMatchObject([{ address, key: evil.id }])
        expect(a.recording.events.map(({ type, key }) => [type, key])).toEqual([
          ['connecting', undefined],
          ['connected', evil.id],
        ])
        expectAgreement(a.hub, a)
      }),
    ))

  it('refuse a peer that proves another key than the caller names, by WRONG_PEER', () =>
    withSbots([{}], (victim) =>
      meeting(async (a, evil) => {
        const address = `onion:a:1~shs:${dataOf(victim)};${evil.address}`
        const promise = a.hub.connect(address, { key: victim.id })
        await expect(promise).rejects.toMatchObject({ code: 'WRONG_PEER' })
        expect(a.hub.byKey(victim.id)).toEqual([])
        expect(rpcsOf(a)).toEqual([])
      }),
    ))

  it('are seen by both of two hubs on one transport, whoever has dialed, and leave both', () =>
    meeting(async (a, b) => {
      const transport = toTransport(b.ssb)
      const [one, other] = [createHub({ transport }), createHub({ transport })]
      await a.hub.connect(b.address)
      await until(() => one.size === 1 && other.size === 1, 'both have the rpc that came in')
      expect(await other.connect(atLocalhost(a))).toBe(one.get(atLocalhost(a))?.sessions[0]?.handle)
      for (const hub of [one, other]) expectAgreement(hub, b)
      expect([one.size, other.size]).toEqual([2, 2])
      await one.disconnect(atLocalhost(a))
      await a.hub.disconnect(b.address)
      await until(() => one.size + other.size === 0, 'both have lost both')
      for (const hub of [one, other]) expectAgreement(hub, b)
      await Promise.all([one.close(), other.close()])
    }))

  it('leave both entries where a hook on ssb.connect gives an rpc that is open for a second address', () =>
    connected(async (a, b, rpc) => {
      a.ssb.connect = (_address, callback) => callback(null, rpc)
      expect(await a.hub.connect(atLocalhost(b))).toBe(rpc)
      expect(a.hub.byKey(b.id)).toHaveLength(2)
      b.ssb.close(true, () => {})
      await untilSize(0, a)
      expectAgreement(a.hub, a)
    }))

  it('fail to dial a port that nobody listens on', () =>
    meeting(async (a, b) => {
      const address = `net:127.0.0.1:${await findPort()}~shs:${dataOf(b)}`
      await expect(a.hub.connect(address)).rejects.toMatchObject({
        code: 'DIAL_FAILED',
        cause: { code: 'ECONNREFUSED' },
      })
      expect(a.hub.size).toBe(0)
      expectAgreement(a.hub, a)
    }))

  it('keep both links when both dial at once', () =>
    meeting(async (a, b) => {
      const rpcs = await Promise.all([a.hub.connect(b.address), b.hub.connect(a.address)])
      await untilSize(2, a, b)
      expectAllAgree(a, b)
      expect(a.hub.byKey(b.id)).toHaveLength(2)
      expect(a.hub.get(b.address)?.sessions).toMatchObject([{ handle: rpcs[0] }])
      expect(b.hub.get(a.address)?.sessions).toMatchObject([{ handle: rpcs[1] }])
      await a.hub.disconnect(b.address)
      await untilSize(1, a, b)
      expectAllAgree(a, b)
      expect(rpcs.map(({ closed }) => closed)).toEqual([true, false])
    }))

  it('dialed at localhost and 127.0.0.1 at once make one entry for each', () =>
    meeting(async (a, b) => {
      const [byName, byIp] = await Promise.all([
        a.hub.connect(atLocalhost(b)),
        a.hub.connect(b.address),
      ])
      expect(byName).not.toBe(byIp)
      expect(a.hub.get(atLocalhost(b))?.sessions).toMatchObject([{ handle: byName }])
      expect(a.hub.get(b.address)?.sessions).toMatchObject([{ handle: byIp }])
      await untilSize(2, a, b)
      expectAllAgree(a, b)
    }))

  it('never announce what a cancelled dial brings', () =>
    meeting(async (a, b) => {
      const { connect } = a.ssb
      const answered = new Promise<SbotRpc | undefined>((resolve) => {
        a.ssb.connect = (address, callback) =>
          connect(address, (error, rpc) => {
            callback(error, rpc)
            resolve(rpc)
          })
      })
      const promise = a.hub.connect(b.address)
      const disconnected = a.hub.disconnect(b.address)
      await expect(promise).rejects.toMatchObject({ code: 'DIAL_CANCELLED' })
      expect(await disconnected).toBe(true)
      expect((await answered)?.closed).toBe(true)
      expect(rpcsOf(a)).toEqual([])
      expect(a.recording.lines()).toEqual([
        `connecting ${b.address}`,
        `disconnecting ${b.address}`,
        `disconnected ${b.address}`,
      ])
      await until(() => b.recording.events.length === 2, 'the other side has seen it come and go')
      expect(rpcsOf(b)).toEqual([])
      expectAllAgree(a, b)
    }))

  it('track what was dialed without the hub', () =>
    meeting(async (a, b) => {
      a.ssb.connect(b.address, () => {})
      await untilSize(1, a, b)
      expect(a.recording.events).toMatchObject([
        { type: 'connected', address: b.address, direction: 'outbound' },
      ])
      expectAllAgree(a, b)
    }))

  it('are let go by a hub that closes', () =>
    connected(async (a, b, rpc) => {
      await a.hub.close()
      expect(rpc.closed).toBe(true)
      expect(rpcsOf(a)).toEqual([])
      expect(a.recording.lines()).toEqual([
        `disconnecting ${b.address}`,
        `disconnected ${b.address}`,
      ])
      await untilSize(0, b)
      expectAgreement(b.hub, b)
      // The sbot goes on without the hub.
      b.ssb.connect(a.address, () => {})
      await until(() => rpcsOf(a).length === 1, 'the sbot has a link again')
      expect(a.recording.lines()).toEqual([])
    }))

  it('leave no socket behind', async () => {
    await until(() => openTcp() === 0, 'those of other tests are gone')
    await connected(async () => {
      expect(openTcp()).toBe(4)
    })
    await until(() => openTcp() === 0, 'all sockets and servers are gone')
  })
})
