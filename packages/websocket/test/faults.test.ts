import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import net from 'node:net'
import { createHub } from '@conn-hub/core'
import { findPort } from '@conn-hub/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createWebSocketTransport, tokenIdentity } from '../src/index.js'
import { heapUsed } from './heap.js'
import { codeOf, createDialer, createServed, startServer, until, WebSocket } from './support.js'

// By these variables the two last ones run with 10,000 and 100,000, as the README says.
const HELLOS = Number(process.env.HELLOS ?? 400)
const CYCLES = Number(process.env.CYCLES ?? 500)

const SERVER = `
  import { WebSocketServer } from 'ws'
  const server = new WebSocketServer({ port: Number(process.argv[1]), host: '127.0.0.1' })
  server.on('listening', () => console.log('listening'))
`

/** Opens so many sockets at once, says nothing, and prints by which codes they were closed. */
const SILENT = `
  import { WebSocket } from 'ws'
  const [url, count] = process.argv.slice(1)
  const codes = {}
  // As many on their way at once as wait in the system until a server takes them.
  for (let i = 0; i < Number(count); i += 200) {
    await Promise.all(Array.from({ length: 200 }, () => new Promise((resolve) => {
      const socket = new WebSocket(url)
      socket.on('open', resolve)
      socket.on('close', (code) => { codes[code] = (codes[code] ?? 0) + 1 })
      socket.on('error', (error) => console.error(error))
    })))
  }
  process.on('exit', () => console.log(JSON.stringify(codes)))
`

const startNode = (script: string, ...args: string[]): ChildProcess => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, ...args], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** The first that it prints. */
const printed = async (child: ChildProcess): Promise<string> =>
  String((await once(child.stdout as NodeJS.ReadableStream, 'data'))[0])

/** A server of `ws` in a process of its own, that can be killed. */
const startProcess = async (port: number): Promise<ChildProcess> => {
  const child = startNode(SERVER, String(port))
  await printed(child)
  return child
}

describe('a server', () => {
  it('that is killed is lost at once, and can be dialed when it is there again', async () => {
    const port = await findPort()
    const url = `ws://127.0.0.1:${port}/`
    const first = await startProcess(port)
    const { hub, recording } = createDialer()
    await hub.connect(url)
    const killed = once(first, 'exit')
    first.kill('SIGKILL')
    await until(() => hub.size === 0, 'it is lost')
    expect(recording.events.at(-1)).toMatchObject({
      reason: 'lost',
      initiator: 'remote',
      error: { code: 'LINK_LOST' },
    })
    expect(await codeOf(hub.connect(url))).toBe('DIAL_FAILED')
    await killed
    await startProcess(port)
    expect(await codeOf(hub.connect(url))).toBe('it worked')
  })

  it('that stops in the middle of a message is lost, and gives no half of one', async () => {
    const { server, url } = await startServer()
    server.on('connection', (_, { socket }) => {
      // A text of 100 bytes is announced, and 5 come.
      socket.end(Buffer.concat([Buffer.from([0x81, 100]), Buffer.from('hello')]))
    })
    const { hub, recording } = createDialer()
    const link = await hub.connect(url)
    const heard: unknown[] = []
    for await (const message of link) heard.push(message)
    expect(heard).toEqual([])
    expect(recording.events.at(-1)).toMatchObject({ reason: 'lost' })
  })

  it('has 1,000 clients again that all come back in the same moment', async () => {
    const CLIENTS = 1_000
    const identity = () => tokenIdentity({ token: () => 'good', verify: () => `${clients++}` })
    let clients = 0
    const first = await createServed({ identity: identity() })
    const transport = createWebSocketTransport({ WebSocket, identity: identity() })
    const hubs = Array.from({ length: CLIENTS }, () => createHub({ transport, onError: () => {} }))
    onTestFinished(async () => void (await Promise.all(hubs.map((hub) => hub.close()))))
    const connectAll = () =>
      Promise.all(hubs.map((hub) => codeOf(hub.connect(first.url, { timeout: 60_000 }))))
    const WORKED = Array.from({ length: CLIENTS }, () => 'it worked')
    expect(await connectAll()).toEqual(WORKED)
    await first.hub.close()
    await until(() => hubs.every((hub) => hub.size === 0), 'all have lost it')
    const second = createDialer({ server: first.server, identity: identity() })
    expect(await connectAll()).toEqual(WORKED)
    await until(() => second.hub.size === CLIENTS, 'all are there')
    expect(second.refused).toEqual([])
  })
})

describe('many', () => {
  it(`hellos that are never said, ${HELLOS} at once, are bounded, answered and gone`, async () => {
    const MOST = Math.ceil(HELLOS / 4)
    const identity = tokenIdentity({ verify: () => 'anna' })
    const helloTimeout = 3_000 + HELLOS
    const options = { identity, maxHellos: MOST, helloTimeout, closeTimeout: 200 }
    const there = await createServed(options)
    const silent = async (count: number) =>
      JSON.parse(await printed(startNode(SILENT, there.url, String(count))))
    // The engine learns first.
    await silent(200)
    const before = await heapUsed()
    const codes = await silent(HELLOS)
    const good = createDialer({ identity: tokenIdentity({ token: () => 'good' }) })
    // Some are told that it is full, some that their time is over; none is left without a word.
    expect(Object.keys(codes)).toEqual(['1008', '1013'])
    expect(codes[1008] + codes[1013]).toBe(HELLOS)
    expect(codes[1008]).toBeGreaterThanOrEqual(MOST)
    await until(() => there.server.clients.size === 0, 'no socket is left')
    expect(await codeOf(good.hub.connect(there.url))).toBe('it worked')
    await good.hub.close()
    there.refused.length = 0
    const growth = (await heapUsed()) - before
    console.log(`${HELLOS} hellos at once: ${Math.round(growth / 1_024)} KiB more`)
    expect(growth).toBeLessThan(1_048_576)
  }, 300_000)

  it(`links, ${CYCLES} opened and closed, leave nothing`, async () => {
    const there = await createServed({ identity: tokenIdentity({ verify: (token) => token }) })
    const hubs = Array.from({ length: 20 }, (_, i) => {
      const identity = tokenIdentity({ token: () => `peer ${i}` })
      return createHub({ transport: createWebSocketTransport({ WebSocket, identity }) })
    })
    const cycle = async (times: number) => {
      const many = async (hub: (typeof hubs)[number], peer: number) => {
        for (let i = 0; i < times / hubs.length; i++) {
          const link = await hub.connect(there.url)
          link.send('hello')
          const theirs = () => there.hub.byKey(`peer ${peer}`)[0]
          await until(() => theirs() !== undefined, 'it is there')
          // Either side ends it, by turns.
          if (i % 2 === 0) await hub.disconnect(there.url)
          else await there.hub.disconnect(theirs()?.address ?? '')
          await until(() => hub.size + there.hub.byKey(`peer ${peer}`).length === 0, 'it is gone')
        }
      }
      await Promise.all(hubs.map(many))
      await until(() => there.hub.size + there.server.clients.size === 0, 'it is closed there')
      there.recording.events.length = 0
    }
    // The engine learns first.
    await cycle(500)
    const timers = () =>
      process.getActiveResourcesInfo().filter((what) => /Timeout|TCPSOCKET/.test(what)).length
    const [before, timersBefore] = [await heapUsed(), timers()]
    await cycle(CYCLES)
    const growth = (await heapUsed()) - before
    console.log(`${CYCLES} links: ${Math.round(growth / 1_024)} KiB more`)
    expect(growth).toBeLessThan(1_048_576)
    expect(timers()).toBeLessThanOrEqual(timersBefore)
    expect([there.hub.size, there.server.clients.size]).toEqual([0, 0])
    await Promise.all(hubs.map((hub) => hub.close()))
  }, 3_600_000)
})

describe('a socket that is half closed', () => {
  it('by a client that says FIN and keeps reading is closed at both sides', async () => {
    const there = await createServed()
    const socket = net.connect({ port: there.port, host: '127.0.0.1', allowHalfOpen: true })
    onTestFinished(() => void socket.destroy())
    socket.write(
      'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    )
    await until(() => there.hub.size === 1, 'it is there')
    socket.resume().end()
    await Promise.all([once(socket, 'close'), until(() => there.hub.size === 0, 'it is gone')])
    expect(there.recording.events.at(-1)).toMatchObject({ reason: 'lost' })
  })
})
