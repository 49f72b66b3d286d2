import { generateKeys, until } from '@conn-hub/testkit'
import { expect, it } from 'vitest'
import type { Peer } from './peer-handle.js'
import { countBy, typesOf } from './report.js'
import { scene } from './scene.js'

/** The other side hears of the end some 40 ms later: by then it is dialed again. */
const comeAndGo = async (peer: Peer, other: Peer): Promise<void> => {
  expect(await peer.connect(other.address)).toBe('connected')
  expect(await peer.leave(other.id)).toEqual(['disconnected'])
}

const comeAndBeSentAway = async (peer: Peer, other: Peer): Promise<void> => {
  expect(await peer.connect(other.address)).toBe('connected')
  await other.untilEntries(1)
  expect(await other.leave(peer.id)).toEqual(['disconnected'])
  await Promise.all([peer.untilEntries(0), other.untilEntries(0)])
}

it('500 connections of two peers, dialed and ended by either side, leave nothing behind', (context) =>
  scene(context, async (scene) => {
    const [a, b] = await Promise.all([scene.peer(), scene.peer()])
    for (const [peer, other] of [[a, b] as const, [b, a] as const]) {
      for (let time = 0; time < 200; time++) await comeAndGo(peer, other)
      await other.untilEntries(0)
      for (let time = 0; time < 50; time++) await comeAndBeSentAway(peer, other)
    }
    for (const peer of [a, b]) {
      await until(async () => (await peer.report()).sockets === 0, 'the last socket has gone')
      const report = await peer.report()
      expect(report).toMatchObject({
        entries: [],
        rpcs: {},
        pending: 0,
        ended: { connected: 250, disconnected: 250 },
        // That of the hub at its sbot.
        listeners: 1,
      })
      expect(countBy(typesOf(report), (type) => type)).toEqual({
        connecting: 250,
        connected: 500,
        disconnecting: 250,
        disconnected: 500,
      })
    }
  }))

it('a port that another peer has taken is no way to the first one, until that is back', (context) =>
  scene(context, async (scene) => {
    const keys = generateKeys()
    const [a, b] = await Promise.all([scene.peer(), scene.peer({ keys })])
    const { port, address } = b
    expect(await a.connect(address)).toBe('connected')
    await b.process.kill()
    await a.untilEntries(0)

    const other = await scene.peer({ port })
    expect(await a.connect(address)).toBe('DIAL_FAILED')
    expect(await a.connect(other.address)).toBe('connected')
    await other.process.kill()
    await a.untilEntries(0)

    const again = await scene.peer({ port, keys })
    expect(again.address).toBe(address)
    expect(await a.connect(other.address)).toBe('DIAL_FAILED')
    expect(await a.connect(address)).toBe('connected')
    expect((await a.report()).rpcs).toEqual({ [again.id]: 1 })
  }))
