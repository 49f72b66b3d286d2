import {
  type Sbot,
  type SbotRpc,
  type SecretStackVersion,
  until,
  withSbots,
} from '@conn-hub/testkit'
import { describe, expect, it } from 'vitest'
import { ConnHub } from '../src/conn-hub.js'
import type { ListenEvent } from '../src/types.js'
import { drain, errorOf } from './setup.js'

const hubOn = (sbot: Sbot) => {
  const hub = new ConnHub<SbotRpc>(sbot.ssb as never)
  const events: ListenEvent[] = []
  drain<ListenEvent>(hub.listen(), (event) => events.push(event))
  const types = () => events.map(({ type }) => type)
  return { hub, events, types, only: () => [...hub.entries()][0] }
}

describe.each<SecretStackVersion>(['6.3', '6.4', '7.1', '8.1'])('secret-stack %s', (version) => {
  it('31 connects, tells both sides and disconnects', async () => {
    await withSbots([{ version }, { version }], async (a, b) => {
      const [here, there] = [hubOn(a), hubOn(b)]
      const rpc = await here.hub.connect(b.address, { note: 'friend' })
      expect(here.events).toMatchObject([
        { type: 'connecting', address: b.address, key: b.id },
        { type: 'connected', address: b.address, key: b.id, details: { rpc, isClient: true } },
      ])
      expect(here.only()?.[1]).toMatchObject({ note: 'friend', inferredType: 'lan', key: b.id })
      await until(() => there.types().includes('connected'), 'the other side has connected')
      expect(there.events).toMatchObject([
        { type: 'connected', key: a.id, details: { isClient: false } },
      ])
      expect(await here.hub.disconnect(b.address)).toBe(true)
      await until(() => there.types().includes('disconnected'), 'the other side has disconnected')
      expect(here.types()).toEqual(['connecting', 'connected', 'disconnecting', 'disconnected'])
      expect([...there.hub.entries()]).toEqual([])
      here.hub.close()
      there.hub.close()
    })
  })

  it('5 15 books two dials to one peer under the addresses that were dialed', async () => {
    await withSbots([{ version }, { version }], async (a, b) => {
      const here = hubOn(a)
      const byName = b.address.replace('127.0.0.1', 'localhost')
      const rpcs = await Promise.all([here.hub.connect(byName), here.hub.connect(b.address)])
      expect(new Set(rpcs).size).toBe(2)
      const connected = here.events.filter(({ type }) => type === 'connected')
      const booked = new Map(connected.map(({ address, details }) => [address, details.rpc]))
      expect(booked.get(byName)).toBe(rpcs[0])
      expect(booked.get(b.address)).toBe(rpcs[1])
      here.hub.reset()
      expect([...here.hub.entries()]).toEqual([])
      expect(here.types().filter((type) => type === 'disconnected')).toHaveLength(2)
      here.hub.close()
    })
  })

  it('33 books nobody under a key that only one of two alternatives of the address names', async () => {
    await withSbots([{ version }, { version }, { version }], async (a, evil, victim) => {
      const here = hubOn(a)
      const address = `onion:a:1~shs:${victim.id.slice(1, -'.ed25519'.length)};${evil.address}`
      expect(await here.hub.connect(address, { note: 'friend' })).toMatchObject({ id: evil.id })
      expect(here.only()?.[1].key).toBe(evil.id)
      expect(here.events.map(({ key }) => key)).toEqual([undefined, evil.id])
      here.hub.close()
    })
  })

  it('13 17 cancels a handshake, and refuses ourselves', async () => {
    await withSbots([{ version }, { version }], async (a, b) => {
      const here = hubOn(a)
      const cancelled = errorOf(here.hub.connect(b.address))
      expect(await here.hub.disconnect(b.address)).toBe(true)
      expect((await cancelled).code).toBe('DIAL_CANCELLED')
      expect((await errorOf(here.hub.connect(a.address))).code).toBe('DIAL_SELF')
      // The handshake that was under way ends, and what it brings is closed.
      await until(() => Object.keys(a.ssb.peers).includes(b.id), 'the late rpc has come')
      expect(a.ssb.peers[b.id]).toEqual([])
      expect(here.types()).toEqual(['connecting', 'disconnecting', 'disconnected'])
      here.hub.close()
    })
  })

  it('25 26 leaves no rpc after close', async () => {
    await withSbots([{ version }, { version }], async (a, b) => {
      const [here, there] = [hubOn(a), hubOn(b)]
      await here.hub.connect(b.address)
      await until(() => there.types().includes('connected'), 'the other side has connected')
      here.hub.close()
      expect(here.types().at(-1)).toBe('disconnected')
      expect(Object.values(a.ssb.peers).flat()).toEqual([])
      await until(() => there.types().includes('disconnected'), 'the other side has disconnected')
      there.hub.close()
    })
  })
})
