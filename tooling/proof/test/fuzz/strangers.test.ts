import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { createHub } from '@conn-hub/core'
import { toTransport } from '@conn-hub/secret-stack'
import { type Sbot, type SbotRpc, until, withSbots } from '@conn-hub/testkit'
import { describe, expect, it, vi } from 'vitest'

/** In ms: how long an sbot lets a stranger take for the handshake. */
const HANDSHAKE = 3_000
const config = { timers: { inactivity: 600_000, handshake: HANDSHAKE } }

/** A hub over a real sbot, and all that it tells. */
const hubOver = (sbot: Sbot) => {
  const onError = vi.fn()
  const hub = createHub({ transport: toTransport<SbotRpc>(sbot.ssb), onError })
  const events: string[] = []
  hub.on('*', ({ type }) => events.push(type))
  return { hub, events, onError }
}

const open = async (port: number, count: number, firstWords?: () => Buffer): Promise<Socket[]> => {
  const sockets = Array.from({ length: count }, () => connect(port, '127.0.0.1'))
  for (const socket of sockets) socket.on('error', () => {}).resume()
  await Promise.all(sockets.map((socket) => once(socket, 'connect')))
  for (const socket of sockets) if (firstWords) socket.write(firstWords())
  return sockets
}

const dial = (from: Sbot, to: Sbot): Promise<void> =>
  new Promise((resolve, reject) => {
    from.ssb.connect(to.address, (error) => (error ? reject(error) : resolve()))
  })

describe('those who do not say who they are', () => {
  it.each([
    ['say nothing', undefined],
    ['say too little', () => randomBytes(63)],
    ['say something else', () => randomBytes(64)],
    ['say a lot of something else', () => randomBytes(100_000)],
  ])('never become an entry: 300 that %s', async (_, firstWords) => {
    // By default an sbot prints each handshake that fails.
    vi.spyOn(console, 'error').mockReturnValue()
    await withSbots([{ config }, {}], async (us, friend) => {
      const { hub, events, onError } = hubOver(us)
      const sockets = await open(us.port, 300, firstWords)
      // A friend comes through in the middle of it.
      await dial(friend, us)
      await until(() => hub.size === 1, 'the friend is there')
      expect(hub.byKey(friend.id)).toHaveLength(1)
      await until(() => sockets.every((socket) => socket.closed), 'the sbot has closed the others')
      expect(hub.size).toBe(1)
      expect(events).toEqual(['connected'])
      expect(onError).not.toHaveBeenCalled()
      await hub.close()
    })
  })
})

describe('those who do', () => {
  it('become an entry each, under the key that they have proved: 300 sessions of three sbots', async () => {
    await withSbots([{}, {}, {}, {}], async (us, ...peers) => {
      const { hub, events, onError } = hubOver(us)
      await Promise.all(
        peers.map(async (peer) => {
          // One after the other: a busy machine has too little time for a hundred handshakes at once.
          for (let i = 0; i < 100; i++) await dial(peer, us)
        }),
      )
      await until(() => hub.size === 300, 'all are there')
      for (const { id } of peers) {
        const entries = hub.byKey(id)
        expect(entries).toHaveLength(100)
        for (const { address } of entries) {
          expect(address).toMatch(/^net:127\.0\.0\.1:\d+~shs:/)
          expect(`@${address.split('~shs:')[1]}.ed25519`).toBe(id)
        }
      }
      for (const { ssb } of peers) {
        for (const rpc of Object.values(ssb.peers).flat()) rpc.close(true)
      }
      await until(() => hub.size === 0, 'all have left')
      expect(Object.values(us.ssb.peers).flat()).toEqual([])
      expect(events).toEqual([
        ...Array.from({ length: 300 }, () => 'connected'),
        ...Array.from({ length: 300 }, () => 'disconnected'),
      ])
      expect(onError).not.toHaveBeenCalled()
      await hub.close()
    })
  })
})
