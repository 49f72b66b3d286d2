import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { until } from '@conn-hub/testkit'
import { describe, expect, it } from 'vitest'
import { addressOf, type Peer } from './peer-handle.js'
import { typesOf } from './report.js'
import { scene } from './scene.js'
import { cutWire, silence } from './wire.js'

/** Says the beginning of something to a peer. */
const call = async (port: number, bytes: number): Promise<Socket> => {
  const socket = connect(port, '127.0.0.1').on('error', () => {})
  await once(socket, 'connect')
  await new Promise((resolve) => socket.write(Buffer.alloc(bytes, 1), resolve))
  return socket
}

/** In ms. */
const SHORT = 400
const hasty = { timers: { handshake: 1_500 } }

describe('a port that accepts and says nothing', () => {
  it.concurrent('ends every dial by its deadline, and the sockets go too', (context) =>
    scene(context, async (scene) => {
      const port = await scene.port(silence)
      const a = await scene.peer(hasty)
      const addresses = Array.from({ length: 20 }, () => addressOf(port.port))
      const outcomes = await a.connectAll(addresses, SHORT)
      expect(outcomes).toEqual(Array(20).fill('DIAL_TIMEOUT'))
      expect((await a.report()).entries).toEqual([])
      expect(port.connections).toBe(20)
      await until(async () => (await a.report()).sockets === 0, 'the sbot has given up too')
    }))

  it.concurrent('ends the wait of each who joined, by the deadline of each', (context) =>
    scene(context, async (scene) => {
      const port = await scene.port(silence)
      const a = await scene.peer(hasty)
      const address = addressOf(port.port)
      const [first, second] = [a.connect(address, 2 * SHORT), a.connect(address, 50)]
      expect(await second).toBe('WAIT_TIMEOUT')
      expect(await first).toBe('DIAL_TIMEOUT')
      expect(port.connections).toBe(1)
    }))

  it.concurrent('can be disconnected during the dial, and dialed again', (context) =>
    scene(context, async (scene) => {
      const port = await scene.port(silence)
      const a = await scene.peer()
      const address = addressOf(port.port)
      const outcome = a.connect(address)
      expect(await a.disconnect(address)).toBe('disconnected')
      expect(await outcome).toBe('DIAL_CANCELLED')
      expect(await a.connect(address, SHORT)).toBe('DIAL_TIMEOUT')
      expect((await a.report()).events).toEqual([
        `connecting ${address}`,
        `disconnecting ${address}`,
        `disconnected ${address}`,
        `connecting ${address}`,
        `connecting-failed ${address}`,
      ])
    }))
})

describe('a wire that falls silent in the middle of handshakes', () => {
  it.concurrent('ends every dial by its deadline; who was known on one side alone comes and goes there', (context) =>
    scene(context, async (scene) => {
      const [a, b] = await Promise.all([scene.peer(hasty), scene.peer(hasty)])
      // The client says 64 bytes, the server 64, the client 112: then the server knows it.
      const cuts = [{ client: 0 }, { client: 64 }, { server: 63 }, { client: 175 }, { server: 100 }]
      const wires = await Promise.all(
        cuts.map((cut) => scene.port(cutWire(b.port, { ...cut, end: 'silence' }))),
      )
      const addresses = wires.map(({ port }) => addressOf(port, b.id))
      const outcomes = await a.connectAll(addresses, SHORT)
      expect(outcomes).toEqual(Array(5).fill('DIAL_TIMEOUT'))
      await until(async () => typesOf(await b.report()).length === 2, 'the sbot of a has given up')
      expect(typesOf(await b.report())).toEqual(['connected', 'disconnected'])
      expect(await a.connect(b.address)).toBe('connected')
    }))
})

describe('callers', () => {
  const SOME_BYTES = [0, 30, 64, 100]

  const expectNobodyHeld = async (a: Peer, b: Peer) => {
    expect(await a.connect(b.address)).toBe('connected')
    await b.untilEntries(1)
    const { rpcs, events } = await b.report()
    expect([rpcs, events.length]).toEqual([{ [a.id]: 1 }, 1])
  }

  it.concurrent('that fall silent or talk nonsense are no entries, and hold nobody', (context) =>
    scene(context, async (scene) => {
      const [a, b] = await Promise.all([scene.peer(), scene.peer()])
      const sockets = await Promise.all(SOME_BYTES.map((bytes) => call(b.port, bytes)))
      context.onTestFinished(() => sockets.forEach((socket) => void socket.destroy()))
      await expectNobodyHeld(a, b)
    }))

  it.concurrent('that reset are no entries, and hold nobody', (context) =>
    scene(context, async (scene) => {
      const [a, b] = await Promise.all([scene.peer(), scene.peer()])
      const sockets = await Promise.all(SOME_BYTES.map((bytes) => call(b.port, bytes)))
      for (const socket of sockets) socket.resetAndDestroy()
      await expectNobodyHeld(a, b)
    }))
})
