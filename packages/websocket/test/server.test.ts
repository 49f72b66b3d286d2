import { once } from 'node:events'
import { request } from 'node:http'
import net from 'node:net'
import { findPort } from '@conn-hub/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { tokenIdentity } from '../src/index.js'
import {
  codeOf,
  createDialer,
  createServed,
  endServer,
  type Options,
  startServer,
  until,
  WebSocket,
} from './support.js'

/** What becomes of a socket that comes with these headers: its close code, or `open`. */
const outcome = async (url: string, headers: Record<string, string>, protocols: string[] = []) => {
  const socket = new WebSocket(url, protocols, { headers })
  const closed = once(socket, 'close').then(([code, text]) => `${code} ${text}`)
  await once(socket, 'open')
  socket.ping()
  return Promise.race([closed, once(socket, 'pong').then(() => 'open')])
}

describe('the origin of a page', () => {
  const HOST = { host: 'chat.example.com' }
  it.each<[string, Options, Record<string, string>, string]>([
    ['the same host', {}, { origin: 'https://chat.example.com', ...HOST }, 'open'],
    ['no origin', {}, { ...HOST }, 'open'],
    ['another host', {}, { origin: 'https://evil.example', ...HOST }, '3003 origin'],
    ['another port', {}, { origin: 'https://chat.example.com:8443', ...HOST }, '3003 origin'],
    ['a longer host', {}, { origin: 'https://chat.example.com.evil', ...HOST }, '3003 origin'],
    ['a hidden one', {}, { origin: 'null', ...HOST }, '3003 origin'],
    [
      'one that is listed',
      { origins: ['https://a.example'] },
      { origin: 'https://a.example' },
      'open',
    ],
    [
      'one that is not',
      { origins: ['https://a.example'] },
      { origin: 'http://a.example' },
      '3003 origin',
    ],
    ['any', { origins: '*' }, { origin: 'https://evil.example' }, 'open'],
  ])('%s', async (_, options, headers, expected) => {
    const there = await createServed(options)
    expect(await outcome(there.url, headers)).toBe(expected)
    const refused =
      expected === 'open' ? [] : [{ by: 'websocket', why: 'origin', direction: 'inbound' }]
    expect(there.refused).toEqual(refused)
    expect(there.hub.size).toBe(expected === 'open' ? 1 : 0)
  })
})

describe('the address of an inbound link', () => {
  const addressFor = async (forwarded: string | undefined, options: Options = {}) => {
    const there = await createServed(options)
    const headers: Record<string, string> = forwarded ? { 'x-forwarded-for': forwarded } : {}
    expect(await outcome(there.url, headers)).toBe('open')
    return there.hub.snapshot()[0]?.address.replace(/:\d+(?=$|\/)/, ':PORT')
  }
  const trustedProxies = ['127.0.0.0/8', '10.0.0.0/8', 'fd00::/8']

  it.each<[string, string | undefined, Options, string]>([
    ['of the socket', undefined, {}, 'ws-in:127.0.0.1:PORT'],
    ['whatever is claimed', '1.2.3.4', {}, 'ws-in:127.0.0.1:PORT'],
    ['the client of a trusted proxy', '1.2.3.4', { trustedProxies }, 'ws-in:1.2.3.4:PORT/1'],
    [
      'the last that no proxy made up',
      '6.6.6.6, 1.2.3.4, 10.1.1.1',
      { trustedProxies },
      'ws-in:1.2.3.4:PORT/1',
    ],
    ['of IPv6', 'fd00::1, 2001:db8::1', { trustedProxies }, 'ws-in:[2001:db8::1]:PORT/1'],
    ['with a port', '[2001:db8::1]:99', { trustedProxies }, 'ws-in:[2001:db8::1]:PORT/1'],
    ['of IPv4 in a dress', '::ffff:1.2.3.4', { trustedProxies }, 'ws-in:1.2.3.4:PORT/1'],
    ['of the proxy where it says nothing', undefined, { trustedProxies }, 'ws-in:127.0.0.1:PORT'],
    ['of the proxy where it says no IP', '<script>', { trustedProxies }, 'ws-in:127.0.0.1:PORT'],
    ['of the nearest that is an IP', 'x, 10.0.0.9', { trustedProxies }, 'ws-in:10.0.0.9:PORT/1'],
    [
      'not of a proxy that is not trusted',
      '1.2.3.4',
      { trustedProxies: ['127.0.0.9'] },
      'ws-in:127.0.0.1:PORT',
    ],
  ])('is %s', async (_, forwarded, options, address) => {
    expect(await addressFor(forwarded, options)).toBe(address)
  })

  it('is one that no other live link has', async () => {
    const there = await createServed({ trustedProxies })
    // One port, two clients behind it: what two proxies would make.
    const { InboundRequest } = await import('../src/node/request.js')
    const { toProxies } = await import('../src/node/proxies.js')
    const incoming = {
      headers: { 'x-forwarded-for': '1.2.3.4' },
      socket: { remoteAddress: '127.0.0.1', remotePort: 5 },
    }
    const inbound = new InboundRequest(incoming as never, toProxies(trustedProxies))
    const taken = new Set<string>()
    for (let i = 0; i < 3; i++) taken.add(inbound.addressIn((address) => taken.has(address)))
    expect([...taken]).toEqual(['ws-in:1.2.3.4:5/1', 'ws-in:1.2.3.4:5/2', 'ws-in:1.2.3.4:5/3'])
    expect(there.hub.size).toBe(0)
  })
})

describe('subprotocols', () => {
  it('are agreed on', async () => {
    const there = await createServed({ protocols: ['chat.2', 'chat.1'] })
    const here = createDialer({ protocols: ['chat.1', 'chat.2'] })
    const link = await here.hub.connect(there.url)
    expect(link.protocol).toBe('chat.2')
  })

  it('that are wrong are refused by a code', async () => {
    const there = await createServed({ protocols: ['chat.1'] })
    expect(await outcome(there.url, {})).toBe('1008 subprotocol')
    const here = createDialer({ protocols: ['mail'] })
    expect(await codeOf(here.hub.connect(there.url))).toBe('DIAL_FAILED')
    expect(there.refused.map(({ why }) => why)).toEqual(['subprotocol', 'subprotocol'])
  })
})

describe('a dial', () => {
  it('to nobody, or that is refused by a status, fails with what the socket says', async () => {
    const { hub, recording } = createDialer()
    const nobody = await hub.connect(`ws://127.0.0.1:${await findPort()}/`).catch((error) => error)
    expect(nobody).toMatchObject({ code: 'DIAL_FAILED', cause: { code: 'ECONNREFUSED' } })
    const { url } = await startServer({ verifyClient: () => false })
    const refused = await hub.connect(url).catch((error) => error)
    expect(refused).toMatchObject({ code: 'DIAL_FAILED' })
    expect(refused.message).toContain('401')
    expect(recording.events.map(({ type }) => type)).not.toContain('connected')
  })

  it('fails where the socket tells an error and no close, as the one of Node 22 does', async () => {
    class Node22 extends EventTarget {
      constructor() {
        super()
        queueMicrotask(() => this.dispatchEvent(new Event('error')))
      }
      close() {}
    }
    const { hub } = createDialer({ WebSocket: Node22 })
    expect(await codeOf(hub.connect('ws://127.0.0.1:9/', { timeout: 1_000 }))).toBe('DIAL_FAILED')
  })

  it('that is cancelled while the server keeps silent leaves no socket', async () => {
    const sockets = new Set<net.Socket>()
    const server = net.createServer((socket) => {
      sockets.add(
        socket
          .on('close', () => sockets.delete(socket))
          .on('error', () => {})
          .resume(),
      )
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    onTestFinished(() => void server.close())
    const address = `ws://127.0.0.1:${(server.address() as net.AddressInfo).port}/`
    const { hub } = createDialer()
    const dial = codeOf(hub.connect(address))
    await until(() => sockets.size === 1, 'it has come')
    await hub.disconnect(address)
    expect(await dial).toBe('DIAL_CANCELLED')
    await until(() => sockets.size === 0, 'the socket is gone')
  })
})

describe('a server', () => {
  it('takes no message that is longer than maxMessage, whatever its own limit is', async () => {
    const there = await createServed({ maxMessage: 1_000 })
    expect(there.server.options.maxPayload).toBe(1_000)
    const own = await createServed({ maxMessage: 1_000 }, { maxPayload: 10 })
    expect(own.server.options.maxPayload).toBe(10)
  })

  it('waits for no answer to a close for longer than closeTimeout, unless its own limit is shorter', async () => {
    const closeTimeoutOf = async (options: object) => {
      const { server } = await createServed({ closeTimeout: 500 }, options)
      return (server.options as { closeTimeout?: number }).closeTimeout
    }
    expect(await closeTimeoutOf({})).toBe(500)
    expect(await closeTimeoutOf({ closeTimeout: 10 })).toBe(10)
  })

  it('is offered no compression by a client, also where it would take it', async () => {
    const there = await createServed({}, { perMessageDeflate: true })
    const offers: unknown[] = []
    there.server.on('connection', (_, { headers }) =>
      offers.push(headers['sec-websocket-extensions']),
    )
    await createDialer().hub.connect(there.url)
    expect(offers).toEqual([undefined])
  })

  it('turns away whoever comes after its hub has closed, until another hub listens', async () => {
    const there = await createServed()
    await there.hub.close()
    expect(await outcome(there.url, {})).toBe('1013 not-listening')
    const again = createDialer({ server: there.server })
    expect(await outcome(there.url, {})).toBe('open')
    await until(() => again.hub.size === 1, 'the new hub has it')
    await again.hub.close()
    expect(there.server.listenerCount('connection')).toBe(1)
  })

  it('that is asked by plain HTTP, or by a wrong upgrade, answers by a status', async () => {
    const { port } = await createServed()
    const ask = (headers: Record<string, string>) =>
      new Promise((resolve) => {
        const asked = request({ port, host: '127.0.0.1', headers })
        asked.on('response', (response) => {
          response.resume()
          resolve(response.statusCode)
        })
        asked.end()
      })
    const upgrade = { connection: 'Upgrade', upgrade: 'websocket' }
    const key = { 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' }
    expect(await ask({})).toBe(426)
    expect(await ask({ ...upgrade })).toBe(400)
    expect(await ask({ ...upgrade, ...key, 'sec-websocket-version': '7' })).toBe(400)
  })
})

describe('a WebSocketServer', () => {
  it('serves one hub: a second one is refused, and one that comes after it is not', async () => {
    const there = await createServed()
    expect(() => createDialer({ server: there.server })).toThrow(
      expect.objectContaining({ code: 'TRANSPORT_IN_USE' }),
    )
    await createDialer().hub.connect(there.url)
    await until(() => there.hub.size === 1, 'it goes on')
    await there.hub.close()
    const next = createDialer({ server: there.server })
    await createDialer().hub.connect(there.url)
    await until(() => next.hub.size === 1, 'the next one has it')
  })

  it.each([
    [0, 500],
    [undefined, 500],
    [400, 400],
    [600, 500],
  ])('whose maxPayload is %j gets %j where maxMessage is 500', async (maxPayload, then) => {
    const { server } = await createServed({ maxMessage: 500 }, { maxPayload })
    expect(server.options.maxPayload).toBe(then)
  })

  it('that is destroyed while a hello runs leaves no session', async () => {
    let release = () => {}
    const verify = () =>
      new Promise<string>((resolve) => {
        release = () => resolve('anna')
      })
    const there = await createServed({ identity: tokenIdentity({ verify }) })
    const here = createDialer({ identity: tokenIdentity({ token: () => 'a' }) })
    const dial = codeOf(here.hub.connect(there.url))
    await until(() => there.server.clients.size === 1, 'the hello runs')
    await endServer(there.server)
    expect(await dial).toBe('LINK_LOST')
    release()
    await there.hub.close()
    expect(there.recording.events).toEqual([])
  })
})

describe('an option', () => {
  it.each<[string, object]>([
    ['server', { server: {} }],
    ['origins', { origins: 'https://a.example' }],
    ['trustedProxies', { trustedProxies: ['10.0.0.0/33'] }],
    ['trustedProxies', { trustedProxies: ['example.com'] }],
    ['maxHellos', { maxHellos: 0 }],
    ['maxMessage', { maxMessage: -1 }],
    ['maxQueue', { maxQueue: 1.5 }],
    ['highWater', { highWater: '1' }],
    ['helloTimeout', { helloTimeout: 0 }],
    ['closeTimeout', { closeTimeout: 2 ** 31 }],
    ['closeTimeout', { closeTimeout: null }],
    ['maxHellos', { maxHellos: null }],
    ['identity', { identity: null }],
    ['protocols', { protocols: null }],
    ['probeTexts', { probeTexts: null }],
    ['closeOnBreak', { closeOnBreak: 1 }],
    ['protocols', { protocols: 'chat' }],
    ['probeTexts', { probeTexts: { ask: 'a', answer: 'a' } }],
    ['identity', { identity: {} }],
    ['identity', { identity: { dial: 1 } }],
    ['identity', { identity: Promise.resolve({ dial() {} }) }],
    ['WebSocket', { WebSocket: 'ws' }],
    ['sever', { sever: 1 }],
  ])('%s that is wrong is refused by its name: %j', async (name, options) => {
    expect(() => createDialer(options)).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTION',
        message: expect.stringContaining(`"${name}"`),
      }),
    )
  })

  it('WebSocket that is missing is told at the dial', async () => {
    if ('WebSocket' in globalThis) return
    const { url } = await startServer()
    const { hub } = createDialer({ WebSocket: undefined })
    expect(await codeOf(hub.connect(url))).toBe('NO_WEBSOCKET')
  })
})
