import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { until } from '@conn-hub/testkit'
import { describe, expect, it } from 'vitest'
import {
  type Client,
  INACTIVITY,
  type Meeting,
  untilTunnels,
  withMeeting,
} from './rooms/meeting.js'

// Real parts, and the drop-in as it is published: ssb-room 1.3.0, ssb-room-client 2.0.2, ssb-conn 6.0.4.

const untilOnline = (clients: readonly Client[]) =>
  until(async () => {
    const counts = await Promise.all(clients.map((client) => client.call('online')))
    return counts.every((count) => count === clients.length)
  }, `the room has told all that there are ${clients.length}`)

/** Two clients in a room, without a scheduler. */
const pair = async (meeting: Meeting): Promise<[Client, Client]> => {
  await meeting.openRoom()
  const [a, b] = await Promise.all([meeting.comeIn(0), meeting.comeIn(1)])
  await enter(meeting, a, b)
  return [a, b]
}

const enter = async (meeting: Meeting, ...clients: Client[]): Promise<void> => {
  for (const client of clients) await client.call('connect', { address: meeting.roomAddress })
  await untilOnline(clients)
}

/** Each dials the other at the same moment: two tunnels come of it. */
const dialEachOther = async (meeting: Meeting, a: Client, b: Client): Promise<void> => {
  const both = [a, b]
  const before = both.map(({ events }) => events.length)
  const hasDialed = ({ events }: Client, i: number) =>
    events.slice(before[i]).some(({ event }) => event === 'connecting')
  for (;;) {
    const at = Date.now() + 100
    await Promise.all([
      a.call('connect', { address: meeting.tunnelTo(b), at }),
      b.call('connect', { address: meeting.tunnelTo(a), at }),
    ])
    if (both.every(hasDialed)) break
    // A busy machine was late: one has found the tunnel of the other, and needs none of its own.
    await a.call('disconnect', { address: meeting.tunnelTo(b) })
    await untilTunnels(a, {})
    await untilTunnels(b, {})
    await expectEntries(both, 0)
    for (const [i, { events }] of both.entries()) events.length = before[i] ?? 0
  }
  await untilTunnels(a, { [b.id]: 2 })
  await untilTunnels(b, { [a.id]: 2 })
}

const eventsOf = ({ events }: Client): string[] =>
  events
    .filter(({ address }) => address.startsWith('tunnel:'))
    .map(({ event, isClient }) => (isClient === undefined ? event : `${event} ${isClient}`))

const endedOf = (clients: readonly Client[]) =>
  Promise.all(clients.map((client) => client.call('ended')))

/** No tunnel ends in the time in which one that nobody pings would. */
const expectAlive = async (clients: readonly Client[]): Promise<void> => {
  const before = await endedOf(clients)
  await wait(2 * INACTIVITY)
  expect(await endedOf(clients)).toEqual(before)
}

interface Entry {
  readonly address: string
  readonly state: string
}

const entriesOf = async (client: Client) => (await client.call('entries')) as Entry[]

/** So many entries of tunnels, and no entry in passing. */
const expectEntries = async (clients: readonly Client[], tunnels: number): Promise<void> => {
  for (const client of clients) {
    const entries = await entriesOf(client)
    expect(entries.map(({ state }) => state)).toEqual(entries.map(() => 'connected'))
    expect(entries.filter(({ address }) => address.startsWith('tunnel:'))).toHaveLength(tunnels)
  }
}

describe('clients of a real room', () => {
  it('16 that dial each other at once have two tunnels, are told of both, and both live', () =>
    withMeeting(2, async (meeting) => {
      const [a, b] = await pair(meeting)
      expect(await Promise.all([a.call('isDropIn'), b.call('isDropIn')])).toEqual([true, true])
      await dialEachOther(meeting, a, b)
      for (const client of [a, b]) {
        expect(eventsOf(client).sort()).toEqual(['connected false', 'connected true', 'connecting'])
      }
      await expectAlive([a, b])
      for (const client of [a, b]) expect(eventsOf(client)).toHaveLength(3)
    }))

  it('16 five of them that their schedulers connect keep every tunnel', () =>
    withMeeting(5, async (meeting) => {
      await meeting.openRoom()
      const clients = await Promise.all([0, 1, 2, 3, 4].map((index) => meeting.comeIn(index, true)))
      const remembered = { address: meeting.roomAddress, data: { type: 'room', autoconnect: true } }
      await Promise.all(clients.map((client) => client.call('remember', remembered)))
      const haveAll = async () => {
        const tunnels = await Promise.all(clients.map((client) => client.call('tunnels')))
        return tunnels.every((open) => Object.keys(open as object).length === clients.length - 1)
      }
      await until(haveAll, 'each has a tunnel to each other one')
      await expectAlive(clients)
      expect(await haveAll()).toBe(true)
      for (const client of clients) expect(eventsOf(client)).not.toContain('disconnected')
    }))

  it('11 14 16 keep one of two tunnels when the other closes', () =>
    withMeeting(2, async (meeting) => {
      const [a, b] = await pair(meeting)
      await dialEachOther(meeting, a, b)
      await a.call('closeOne', { id: b.id })
      await untilTunnels(a, { [b.id]: 1 })
      await untilTunnels(b, { [a.id]: 1 })
      await expectAlive([a, b])
      for (const client of [a, b]) expect(eventsOf(client)).not.toContain('disconnected')
      await expectEntries([a, b], 1)
      expect(await a.call('disconnect', { address: meeting.tunnelTo(b) })).toBe(true)
      await untilTunnels(a, {})
      await untilTunnels(b, {})
      await expectEntries([a, b], 0)
    }))

  it('10 16 have a new tunnel after disconnect() and connect() at once', () =>
    withMeeting(2, async (meeting) => {
      const [a, b] = await pair(meeting)
      await dialEachOther(meeting, a, b)
      a.events.length = 0
      const address = meeting.tunnelTo(b)
      await Promise.all([a.call('disconnect', { address }), a.call('connect', { address })])
      await untilTunnels(a, { [b.id]: 1 })
      await untilTunnels(b, { [a.id]: 1 })
      expect(eventsOf(a)).toEqual(['disconnecting', 'disconnected', 'connecting', 'connected true'])
      await expectAlive([a, b])
      await expectEntries([a, b], 1)
    }))

  it('14 16 lose the tunnels to one that is killed, and have new ones when it is back', () =>
    withMeeting(2, async (meeting) => {
      const [a, b] = await pair(meeting)
      await dialEachOther(meeting, a, b)
      const killed = once(b.process, 'exit')
      b.process.kill('SIGKILL')
      await untilTunnels(a, {})
      await expectEntries([a], 0)
      expect(eventsOf(a).filter((type) => type === 'disconnected')).toHaveLength(1)
      await killed
      const back = await meeting.comeIn(1)
      await enter(meeting, a, back)
      await dialEachOther(meeting, a, back)
      await expectAlive([a, back])
      await expectEntries([a, back], 1)
    }))

  it('14 16 lose all when the room is killed, and have new tunnels when it is back', () =>
    withMeeting(2, async (meeting) => {
      const room = await meeting.openRoom()
      const [a, b] = await Promise.all([meeting.comeIn(0), meeting.comeIn(1)])
      await enter(meeting, a, b)
      await dialEachOther(meeting, a, b)
      const killed = once(room.process, 'exit')
      room.process.kill('SIGKILL')
      for (const client of [a, b]) {
        await untilTunnels(client, {})
        await until(async () => (await entriesOf(client)).length === 0, 'all entries have gone')
        expect(eventsOf(client).filter((type) => type === 'disconnected')).toHaveLength(1)
      }
      // Its links end before its port is free.
      await killed
      await meeting.openRoom()
      await enter(meeting, a, b)
      await dialEachOther(meeting, a, b)
      await expectAlive([a, b])
      await expectEntries([a, b], 1)
    }))
})
