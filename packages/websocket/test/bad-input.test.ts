import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type ServerOptions } from 'node:http'
import net from 'node:net'
import { deflateRawSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { tokenIdentity } from '../src/index.js'
import { heapUsed } from './heap.js'
import { createDialer, createServed, endServer, until, WebSocketServer } from './support.js'

// Sockets that speak the protocol by hand, and wrongly.

const UPGRADE = [
  'GET / HTTP/1.1',
  'Host: 127.0.0.1',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
]

const upgrade = (extra: string[] = []): string =>
  [...UPGRADE, `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`, ...extra, '', ''].join(
    '\r\n',
  )

interface Frame {
  readonly opcode: number
  readonly data?: Buffer | string
  readonly fin?: boolean
  readonly rsv1?: boolean
  readonly masked?: boolean
  /** What the header claims. */
  readonly length?: number
}

const frame = ({
  opcode,
  data = '',
  fin = true,
  rsv1 = false,
  masked = true,
  length,
}: Frame): Buffer => {
  const payload = Buffer.from(data)
  const size = length ?? payload.length
  const head = Buffer.alloc(size < 126 ? 2 : size < 65_536 ? 4 : 10)
  head[0] = (fin ? 0x80 : 0) | (rsv1 ? 0x40 : 0) | opcode
  head[1] = (masked ? 0x80 : 0) | (size < 126 ? size : size < 65_536 ? 126 : 127)
  if (head.length === 4) head.writeUInt16BE(size, 2)
  if (head.length === 10) head.writeBigUInt64BE(BigInt(size), 2)
  // A mask of zeros leaves the data as they are.
  return Buffer.concat([head, masked ? Buffer.alloc(4) : Buffer.alloc(0), payload])
}

const [TEXT, BINARY, CONTINUATION, CLOSE, PING] = [1, 2, 0, 8, 9]

/** The code of the close frame that came last. */
const closeCodeIn = (heard: Buffer): number | undefined => {
  const at = heard.lastIndexOf(Buffer.from([0x88]))
  return at >= 0 && heard.length >= at + 4 ? heard.readUInt16BE(at + 2) : undefined
}

const connect = async (port: number, text = upgrade()) => {
  const socket = net.connect(port, '127.0.0.1')
  const heard: Buffer[] = []
  socket.on('data', (chunk) => heard.push(chunk)).on('error', () => {})
  const closed = new Promise((resolve) => socket.on('close', resolve))
  await once(socket, 'connect')
  socket.write(text)
  const all = () => Buffer.concat(heard)
  return { socket, all, closed: closed.then(() => closeCodeIn(all())) }
}

const opened = async (port: number, text?: string) => {
  const link = await connect(port, text)
  await until(() => link.all().includes('\r\n\r\n'), 'the upgrade is answered')
  return link
}

describe('a frame that is wrong', () => {
  it.each<[string, Frame[], number, string]>([
    [
      'text that is not UTF-8',
      [{ opcode: TEXT, data: Buffer.from([0xc3, 0x28]) }],
      1007,
      'NOT_UTF8',
    ],
    [
      'text that is not UTF-8 by its pieces',
      [
        { opcode: TEXT, data: Buffer.from([0xf0, 0x9f]), fin: false },
        { opcode: CONTINUATION, data: Buffer.from([0x98]) },
      ],
      1007,
      'NOT_UTF8',
    ],
    ['a GB that is announced', [{ opcode: BINARY, length: 2 ** 30 }], 1009, 'TOO_BIG'],
    ['more than can be counted', [{ opcode: BINARY, length: 2 ** 60 }], 1009, 'TOO_BIG'],
    [
      'a message that grows too long by its pieces',
      Array.from({ length: 20 }, (_, i) => ({
        opcode: i === 0 ? BINARY : CONTINUATION,
        data: Buffer.alloc(60_000),
        fin: false,
      })),
      1009,
      'TOO_BIG',
    ],
    ['a piece of nothing', [{ opcode: CONTINUATION, data: 'x' }], 1002, 'PROTOCOL_ERROR'],
    [
      'a message within a message',
      [
        { opcode: TEXT, data: 'a', fin: false },
        { opcode: TEXT, data: 'b' },
      ],
      1002,
      'PROTOCOL_ERROR',
    ],
    ['without a mask', [{ opcode: TEXT, data: 'x', masked: false }], 1002, 'PROTOCOL_ERROR'],
    ['of a kind that is not known', [{ opcode: 5 }], 1002, 'PROTOCOL_ERROR'],
    ['a ping that is long', [{ opcode: PING, data: Buffer.alloc(126) }], 1002, 'PROTOCOL_ERROR'],
    ['a ping in pieces', [{ opcode: PING, data: 'x', fin: false }], 1002, 'PROTOCOL_ERROR'],
    [
      'compressed, where nothing is',
      [{ opcode: TEXT, data: 'x', rsv1: true }],
      1002,
      'PROTOCOL_ERROR',
    ],
    ['a close of one byte', [{ opcode: CLOSE, data: 'x' }], 1002, 'PROTOCOL_ERROR'],
    [
      'a close with a code that none may send',
      [{ opcode: CLOSE, data: Buffer.from([3, 237]) }],
      1002,
      'PROTOCOL_ERROR',
    ],
  ])('%s, closes the link by a code', async (_, frames, code, error) => {
    const there = await createServed()
    const { socket, closed } = await opened(there.port)
    for (const each of frames) socket.write(frame(each))
    expect(await closed).toBe(code)
    await until(() => there.hub.size === 0, 'it is gone')
    expect(there.recording.events.at(-1)).toMatchObject({
      initiator: 'remote',
      error: { code: error },
    })
  })

  it('a bomb that is small while it is compressed, closes the link by a code', async () => {
    const there = await createServed({}, { perMessageDeflate: true })
    const { socket, closed } = await opened(
      there.port,
      upgrade(['Sec-WebSocket-Extensions: permessage-deflate']),
    )
    const bomb = deflateRawSync(Buffer.alloc(200_000_000))
    expect(bomb.length).toBeLessThan(1_048_576)
    socket.write(frame({ opcode: BINARY, data: bomb, rsv1: true }))
    expect(await closed).toBe(1009)
    await until(() => there.hub.size === 0, 'it is gone')
  })
})

/** What is short to ask, and long to answer. */
const PROBES = { ask: '?', answer: 'x'.repeat(1_000) }

describe('a flood', () => {
  it.each([
    ['pings', frame({ opcode: PING, data: Buffer.alloc(125) })],
    ['the texts of probes', frame({ opcode: TEXT, data: PROBES.ask })],
  ])('of %s whose answers nobody reads does not fill the memory', async (_, question) => {
    const there = await createServed({ highWater: 65_536, probeTexts: PROBES })
    const { socket } = await opened(there.port)
    await until(() => there.hub.size === 1, 'it is there')
    socket.pause()
    const chunk = Buffer.concat(Array.from({ length: 1_000 }, () => question))
    let most = 0
    for (let i = 0; i < 200 && there.hub.size > 0; i++) {
      socket.write(chunk)
      for (const { bufferedAmount } of there.server.clients) most = Math.max(most, bufferedAmount)
      await nextTurn()
    }
    // What may wait anyhow, and a thousand answers.
    expect(most).toBeLessThan(1_200_000)
    socket.destroy()
  })

  it('of empty messages makes the sender wait', async () => {
    const there = await createServed({ maxQueue: 65_536 })
    const { socket } = await opened(there.port)
    const chunk = Buffer.concat(Array.from({ length: 1_000 }, () => frame({ opcode: TEXT })))
    let sent = 0
    while (socket.writableLength < 4_000_000 && sent++ < 2_000) {
      socket.write(chunk)
      await nextTurn()
    }
    const session = there.hub.snapshot()[0]?.sessions[0]
    expect(session?.traffic?.().messagesIn).toBeLessThan(30_000)
    socket.destroy()
    await until(() => there.hub.size <= 1, 'it is done')
  })
})

describe('an upgrade', () => {
  /** What a server answers to this, which is no upgrade yet. */
  const answerTo = async (text: string, options: ServerOptions = {}): Promise<string> => {
    const http = createServer(options)
    const server = new WebSocketServer({ server: http })
    await once(http.listen(0, '127.0.0.1'), 'listening')
    onTestFinished(async () => {
      await endServer(server)
      http.closeAllConnections()
      http.close()
    })
    const there = createDialer({ server })
    const { port } = http.address() as net.AddressInfo
    const { closed, all } = await connect(port, `${UPGRADE.join('\r\n')}\r\n${text}`)
    await closed
    expect(there.hub.size).toBe(0)
    return all().toString()
  }

  it('without an end is answered by a status', async () => {
    const hasty = { headersTimeout: 200, connectionsCheckingInterval: 50 }
    expect(await answerTo('', hasty)).toContain('408')
    expect(await answerTo('X-Long: and longer\r\n'.repeat(2_000))).toContain('431')
  })
})

describe('after 10,000 attempts', () => {
  it('nothing is left of them, and the heap is where it was', async () => {
    const identity = tokenIdentity({ verify: () => undefined })
    const there = await createServed({ identity, closeTimeout: 50, maxHellos: 150 })
    const attempt = async (i: number): Promise<void> => {
      const { socket, closed } = await connect(there.port)
      const kinds = [
        () => socket.write(frame({ opcode: TEXT, data: 'conn-hub token eve' })),
        () => socket.write(frame({ opcode: TEXT, data: Buffer.from([0xff]) })),
        () => socket.write(frame({ opcode: BINARY, length: 2 ** 30 })),
        () => socket.destroy(),
        () => socket.write(frame({ opcode: TEXT, data: 'conn', fin: false })) && socket.end(),
      ]
      kinds[i % kinds.length]?.()
      await closed
    }
    const round = async (attempts: number) => {
      for (let i = 0; i < attempts; i += 200) {
        await Promise.all(Array.from({ length: 200 }, (_, j) => attempt(i + j)))
      }
      await until(() => there.server.clients.size === 0, 'no socket is left')
      there.refused.length = 0
      return heapUsed()
    }
    await round(1_000)
    const before = await round(1_000)
    const after = await round(10_000)
    expect(after - before).toBeLessThan(1_048_576)
    expect(there.recording.events).toEqual([])
  })
})

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))
