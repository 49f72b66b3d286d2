import { webcrypto } from 'node:crypto'
import { once } from 'node:events'
import { describe, expect, it, vi } from 'vitest'
import {
  type Identity,
  keyIdentity,
  requestIdentity,
  type TokenIdentityOptions,
  tokenIdentity,
} from '../src/index.js'
import { startProxy } from './proxy.js'
import {
  codeOf,
  createDialer,
  createServed,
  endServer,
  type Options,
  sessionOf,
  startServer,
  take,
  until,
  WebSocket,
} from './support.js'

const users = new Map([['anna-1', 'anna']])
const verify: TokenIdentityOptions['verify'] = (token) => users.get(token)
const server = tokenIdentity({ verify })

/** A client of `ws` that says what it likes. It keeps what it hears. */
const stranger = async (url: string) => {
  const socket = new WebSocket(url)
  const heard: string[] = []
  socket.on('message', (data) => heard.push(String(data)))
  const closed = once(socket, 'close').then(([code, text]) => [code, String(text)])
  await once(socket, 'open')
  return { socket, heard, closed }
}

describe('tokenIdentity', () => {
  it('says who dialed, in the first message and not in the URL', async () => {
    const there = await createServed({ identity: server })
    const here = createDialer({ identity: tokenIdentity({ token: () => 'anna-1' }) })
    const link = await here.hub.connect(there.url)
    await until(() => there.hub.size === 1, 'it is there')
    expect(there.hub.byKey('anna')).toHaveLength(1)
    const session = sessionOf(there.hub)
    expect([session.key, session.handle.request?.url]).toEqual(['anna', '/'])
    link.send('hello')
    expect(await take(session.handle, 1)).toEqual(['hello'])
  })

  it('asks for the token at each dial', async () => {
    const there = await createServed({ identity: server })
    const token = vi.fn(async () => (token.mock.calls.length < 2 ? 'old' : 'anna-1'))
    const here = createDialer({ identity: tokenIdentity({ token }) })
    expect(await codeOf(here.hub.connect(there.url))).toBe('UNAUTHORIZED')
    await here.hub.connect(there.url)
    expect(token).toHaveBeenCalledTimes(2)
  })

  it('refuses by a code, tells nobody of the session, and says what was refused', async () => {
    const there = await createServed({ identity: server })
    const here = createDialer({ identity: tokenIdentity({ token: () => 'eve' }) })
    const failed = await here.hub.connect(there.url).catch((error) => error)
    expect(failed).toMatchObject({ code: 'UNAUTHORIZED' })
    expect(failed.message).toContain('3000 (unauthorized)')
    expect(here.recording.events.map(({ type }) => type)).toEqual([
      'connecting',
      'connecting-failed',
    ])
    expect(there.recording.events).toEqual([])
    expect(there.refused).toMatchObject([
      { by: 'websocket', why: 'unauthorized', direction: 'inbound' },
    ])
  })

  it.each([
    ['throws', () => Promise.reject(new Error('secret of the data base'))],
    ['gives no string', () => 7 as never],
  ])('of which verify %s lets nobody in, and tells nothing of it', async (_, broken) => {
    const there = await createServed({ identity: tokenIdentity({ verify: broken }) })
    const here = createDialer({ identity: tokenIdentity({ token: () => 'anna-1' }) })
    const failed = await here.hub.connect(there.url).catch((error) => error)
    expect(['FAILED', 'UNAUTHORIZED']).toContain(failed.code)
    expect(failed.message).not.toContain('secret')
    expect(there.hub.size).toBe(0)
    expect(there.refused).toMatchObject([{ why: failed.code.toLowerCase() }])
  })

  it('without a token cannot dial', async () => {
    const there = await createServed({ identity: server })
    const here = createDialer({ identity: server })
    expect(await codeOf(here.hub.connect(there.url))).toBe('UNAUTHORIZED')
  })

  it.each([undefined, null, '', 5])(
    'of which token gives %j fails the dial, and shows nothing',
    async (token) => {
      const shown: string[] = []
      const there = await createServed({
        identity: tokenIdentity({ verify: (given) => void shown.push(given) }),
      })
      const here = createDialer({ identity: tokenIdentity({ token: () => token as never }) })
      expect(await codeOf(here.hub.connect(there.url))).toBe('UNAUTHORIZED')
      expect(shown).toEqual([])
    },
  )

  it('of which token throws fails the dial with its error', async () => {
    const there = await createServed({ identity: server })
    const token = () => Promise.reject(new Error('logged out'))
    const here = createDialer({ identity: tokenIdentity({ token }) })
    const failed = await here.hub.connect(there.url).catch((error) => error)
    expect(failed).toMatchObject({ code: 'DIAL_FAILED', cause: { message: 'logged out' } })
  })
})

describe('requestIdentity', () => {
  const who: Parameters<typeof requestIdentity>[0]['who'] = ({ headers, url }) =>
    users.get(headers.cookie?.split('=')[1] ?? '') ?? users.get(url.slice(1))
  const options: Options = { identity: requestIdentity({ who }) }
  const withCookie = class extends WebSocket {
    constructor(url: string, protocols: string[], more: object) {
      super(url, protocols, { ...more, headers: { cookie: 'token=anna-1' } })
    }
  }

  it('says who dialed by a cookie', async () => {
    const there = await createServed(options)
    const here = createDialer({ WebSocket: withCookie })
    await here.hub.connect(there.url)
    await until(() => there.hub.size === 1, 'it is there')
    expect(sessionOf(there.hub).key).toBe('anna')
    expect(sessionOf(there.hub).handle.request).toMatchObject({
      ip: '127.0.0.1',
      url: '/',
      headers: { cookie: 'token=anna-1' },
    })
  })

  it('closes a link of whom it does not know: unauthorized', async () => {
    const there = await createServed(options)
    const { closed } = await stranger(there.url)
    expect(await closed).toEqual([3000, 'hello-refused'])
    expect(there.recording.events).toEqual([])
  })
})

describe('keyIdentity', () => {
  const generate = async (isExtractable = false) =>
    (await webcrypto.subtle.generateKey('Ed25519', isExtractable, [
      'sign',
      'verify',
    ])) as CryptoKeyPair
  const served = async (more: Options = {}) => {
    const { server, port, url } = await startServer()
    const identity = await keyIdentity({ keys: await generate(), hosts: [`127.0.0.1:${port}`] })
    return { ...createDialer({ server, identity, ...more }), server, port, url, identity }
  }

  it.each([true, false])('proves both keys; the private one is extractable: %s', async (may) => {
    const deprecations: string[] = []
    const onWarning = ({ name, message }: Error) => {
      if (name === 'DeprecationWarning') deprecations.push(message)
    }
    process.on('warning', onWarning)
    const there = await served()
    const identity = await keyIdentity({ keys: await generate(may) })
    const here = createDialer({ identity })
    await here.hub.connect(there.url, { key: there.identity.self ?? '' })
    await until(() => there.hub.size === 1, 'it is there')
    expect(sessionOf(here.hub).key).toBe(there.identity.self)
    expect(sessionOf(there.hub).key).toBe(identity.self)
    expect(identity.self).toMatch(/^[\w-]{43}$/)
    process.off('warning', onWarning)
    expect(deprecations).toEqual([])
  })

  const ofPages = 'proves both keys where a page, which has WebCrypto alone, dials'
  if (!globalThis.crypto) {
    console.warn(`Left out, this Node has no global WebCrypto: ${ofPages}; the entry for pages`)
  } else
    it(ofPages, async () => {
      const there = await served()
      const { keyIdentity: ofPage } = await import('../src/browser.js')
      const identity = await ofPage({ keys: await generate() })
      const here = createDialer({ identity })
      await here.hub.connect(there.url)
      await until(() => there.hub.size === 1, 'it is there')
      expect(sessionOf(here.hub).key).toBe(there.identity.self)
      expect(sessionOf(there.hub).key).toBe(identity.self)
    })

  it('knows one spelling of each key', async () => {
    const there = await served()
    const { self = '' } = await keyIdentity({ keys: await generate() })
    const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    // The last character has two bits that mean nothing.
    const other = self.slice(0, -1) + ALPHABET[ALPHABET.indexOf(self.at(-1) ?? '') + 1]
    expect(Buffer.from(other, 'base64url')).toEqual(Buffer.from(self, 'base64url'))
    const nonce = 'A'.repeat(43)
    for (const [key, code] of [
      [self, undefined],
      [other, 1008],
    ] as const) {
      const { socket, closed, heard } = await stranger(there.url)
      socket.send(`conn-hub key 127.0.0.1:${there.port} ${nonce} ${key}`)
      if (code) expect((await closed)[0]).toBe(code)
      else await until(() => heard.length === 1, 'it is answered')
      socket.terminate()
    }
  })

  it.each<[string, (keys: CryptoKeyPair) => unknown]>([
    ['nothing', () => undefined],
    ['half a pair', ({ publicKey }) => ({ publicKey })],
    ['texts', () => ({ publicKey: 'a', privateKey: 'b' })],
    [
      "in each other's place",
      ({ publicKey, privateKey }) => ({ publicKey: privateKey, privateKey: publicKey }),
    ],
    [
      'not to be told',
      async ({ publicKey, privateKey }) => {
        const { subtle } = webcrypto
        const raw = await subtle.exportKey('raw', publicKey)
        return {
          publicKey: await subtle.importKey('raw', raw, 'Ed25519', false, ['verify']),
          privateKey,
        }
      },
    ],
    ['of two pairs', async ({ publicKey }) => ({ ...(await generate()), publicKey })],
    ['keys of another kind', () => webcrypto.subtle.generateKey('X25519', false, ['deriveBits'])],
  ])('refuses keys that are %s, in both entries', async (_, change) => {
    const { keyIdentity: forPages } = await import('../src/browser.js')
    const keys = await change(await generate())
    // That for pages signs by the global WebCrypto, which Node 18 has not.
    for (const create of globalThis.crypto ? [keyIdentity, forPages] : [keyIdentity]) {
      expect(await codeOf(create({ keys } as never))).toBe('INVALID_OPTION')
    }
  })

  it('fails a dial that expects another key', async () => {
    const there = await served()
    const here = createDialer({ identity: await keyIdentity({ keys: await generate() }) })
    expect(await codeOf(here.hub.connect(there.url, { key: 'another' }))).toBe('WRONG_PEER')
  })

  it('is of no use to one in the middle: the signature is for the host that was dialed', async () => {
    const there = await served()
    const middle = await startProxy(there.port)
    const here = createDialer({ identity: await keyIdentity({ keys: await generate() }) })
    expect(await codeOf(here.hub.connect(middle.url))).toBe('REFUSED')
    expect(there.hub.size).toBe(0)
  })

  it('finds out one in the middle who writes another host into the hello', async () => {
    const there = await served()
    const { server: middle, port, url } = await startServer()
    const swap = (text: string) => text.replace(`127.0.0.1:${port}`, `127.0.0.1:${there.port}`)
    middle.on('connection', (victim) => {
      const relayed = new WebSocket(there.url)
      victim.on('message', async (data) => {
        if (relayed.readyState === WebSocket.CONNECTING) await once(relayed, 'open')
        relayed.send(swap(String(data)))
      })
      relayed.on('message', (data) => victim.send(String(data)))
      victim.on('close', () => relayed.close())
      relayed.on('close', () => victim.close())
    })
    const here = createDialer({ identity: await keyIdentity({ keys: await generate() }) })
    expect(await codeOf(here.hub.connect(url))).toBe('UNAUTHORIZED')
    expect(there.hub.size).toBe(0)
  })

  it('refuses a proof that was recorded', async () => {
    const there = await served()
    const said: string[] = []
    class Recorder extends WebSocket {
      override send(data: never, ...more: never[]) {
        said.push(String(data))
        super.send(data, ...more)
      }
    }
    const identity = await keyIdentity({ keys: await generate() })
    const here = createDialer({ identity, WebSocket: Recorder })
    await here.hub.connect(there.url)
    const { socket, closed } = await stranger(there.url)
    socket.send(said[0] ?? '')
    await once(socket, 'message')
    socket.send(said[1] ?? '')
    expect(await closed).toEqual([3000, 'hello-refused'])
  })

  describe('refuses a key that anybody can sign for', () => {
    const NONCE = 'A'.repeat(43)
    // R is the neutral point, and S is 0: it holds for each of these keys, or for each eighth text.
    const FORGED = Buffer.from(`01${'00'.repeat(63)}`, 'hex').toString('base64url')
    const keys = [
      '00'.repeat(32),
      `01${'00'.repeat(31)}`,
      `ec${'ff'.repeat(30)}7f`,
      '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
      'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
      `ed${'ff'.repeat(30)}7f`,
      `ee${'ff'.repeat(30)}7f`,
    ].flatMap((hex) =>
      [0, 0x80].map((sign) => {
        const bytes = Buffer.from(hex, 'hex')
        bytes[31] = (bytes[31] ?? 0) | sign
        return bytes.toString('base64url')
      }),
    )

    it.each(keys)('of one who dials: %s', async (key) => {
      const there = await served()
      const { socket, heard, closed } = await stranger(there.url)
      socket.send(`conn-hub key 127.0.0.1:${there.port} ${NONCE} ${key}`)
      socket.send(`conn-hub proof ${FORGED}`)
      expect(await closed).toEqual([3000, 'hello-refused'])
      expect(heard).toEqual([])
      expect(there.hub.size).toBe(0)
    })

    it.each(keys)('of one who is dialed: %s', async (key) => {
      const { server, url } = await startServer()
      server.on('connection', (socket) => {
        socket.once('message', () => {
          socket.send(`conn-hub key ${NONCE} ${key} ${FORGED}`)
          socket.send('conn-hub welcome')
        })
      })
      const here = createDialer({ identity: await keyIdentity({ keys: await generate() }) })
      await expect(here.hub.connect(url)).rejects.toMatchObject({
        code: 'UNAUTHORIZED',
        message: expect.stringContaining('Anybody can sign for this key'),
      })
    })
  })

  it('is needed with hosts where there is a server', async () => {
    const { server } = await startServer()
    const identity = await keyIdentity({ keys: await generate() })
    expect(() => createDialer({ server, identity })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    )
  })

  it('does not connect to itself', async () => {
    const there = await served()
    expect(await codeOf(there.hub.connect(there.url))).toBe('DIAL_SELF')
  })
})

describe('a hello', () => {
  const TIMEOUT = 150

  const refuses = async (
    play: (socket: WebSocket) => void,
    options: Options = {},
  ): Promise<readonly [number, string]> => {
    const there = await createServed({ identity: server, ...options })
    const { socket, closed } = await stranger(there.url)
    play(socket)
    const end = await closed
    await until(() => there.server.clients.size === 0, 'nothing is left')
    expect(there.recording.events).toEqual([])
    expect(there.refused.length).toBe(1)
    return end as [number, string]
  }

  it('that never comes is refused in time', async () => {
    const before = Date.now()
    expect(await refuses(() => {}, { helloTimeout: TIMEOUT })).toEqual([1008, 'hello-timeout'])
    expect(Date.now() - before).toBeGreaterThanOrEqual(TIMEOUT - 1)
  })

  it('that comes byte by byte is refused in time', async () => {
    const drip = (socket: WebSocket) => {
      let sent = 0
      const timer = setInterval(() => socket.send('c', { fin: false }), 20)
      socket.on('close', () => clearInterval(timer))
      return sent++
    }
    expect(await refuses(drip, { helloTimeout: TIMEOUT })).toEqual([1008, 'hello-timeout'])
  })

  it.each([
    ['wrong', 'hello'],
    ['empty', ''],
    ['of bytes', new Uint8Array([1, 2, 3])],
    ['without a token', 'conn-hub token '],
    ['of another identity', `conn-hub key localhost ${'a'.repeat(43)} ${'a'.repeat(43)}`],
  ])('that is %s is refused', async (_, message) => {
    expect(await refuses((socket) => socket.send(message))).toEqual([1008, 'hello-refused'])
  })

  it('that is doubled is refused', async () => {
    let bothCame = false
    const slow = tokenIdentity({
      verify: async (token) => {
        await until(() => bothCame, 'both have come')
        return verify(token, undefined)
      },
    })
    const twice = (socket: WebSocket) => {
      socket.send('conn-hub token anna-1')
      socket.send('conn-hub token anna-1')
      socket.ping()
      socket.once('pong', () => {
        bothCame = true
      })
    }
    expect(await refuses(twice, { identity: slow })).toEqual([1008, 'hello-refused'])
  })

  it('of 17 KiB is refused, one of 2 MiB as soon as its length is known', async () => {
    const [longer, longest] = [17 * 1_024, 2_097_152]
    const say = (bytes: number) => (socket: WebSocket) => socket.send('x'.repeat(bytes))
    expect(await refuses(say(longer))).toEqual([1009, 'hello-refused'])
    expect((await refuses(say(longest)))[0]).toBe(1009)
  })

  it('that is the thousand-and-first at once is told to come later', async () => {
    const there = await createServed({ identity: server, maxHellos: 2 })
    await stranger(there.url)
    await stranger(there.url)
    const { closed } = await stranger(there.url)
    expect(await closed).toEqual([1013, 'full'])
  })

  it('that a server never answers fails the dial in time', async () => {
    const { url, server: silent } = await startServer()
    const identity = tokenIdentity({ token: () => 'anna-1' })
    const here = createDialer({ identity, helloTimeout: TIMEOUT })
    expect(await codeOf(here.hub.connect(url))).toBe('HELLO_TIMEOUT')
    await until(() => silent.clients.size === 0, 'the socket is gone')
  })

  it('that a foreign server answers with something else fails the dial', async () => {
    const { url, server: other } = await startServer()
    other.on('connection', (socket) => socket.send('220 mail.example.com ESMTP'))
    const here = createDialer({ identity: tokenIdentity({ token: () => 'anna-1' }) })
    expect(await codeOf(here.hub.connect(url))).toBe('REFUSED')
  })

  it('that runs when the hub closes is told to come later, and so is whoever comes then', async () => {
    const there = await createServed({ identity: server })
    const { closed } = await stranger(there.url)
    await until(() => there.server.clients.size === 1, 'it has come')
    await there.hub.close()
    expect(await closed).toEqual([1013, 'not-listening'])
    const here = createDialer({ identity: tokenIdentity({ token: () => 'anna-1' }) })
    expect(await codeOf(here.hub.connect(there.url))).toBe('TRY_LATER')
  })

  it('that is cancelled leaves no socket', async () => {
    const { url, server: silent } = await startServer()
    const here = createDialer({ identity: tokenIdentity({ token: () => 'anna-1' }) })
    const dial = codeOf(here.hub.connect(url))
    await until(() => silent.clients.size === 1, 'it is open')
    await here.hub.disconnect(url)
    expect(await dial).toBe('DIAL_CANCELLED')
    await until(() => silent.clients.size === 0, 'the socket is gone')
    await endServer(silent)
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('ours')
      },
    ],
    [
      'rejects with nothing',
      async () => {
        throw undefined
      },
    ],
    ['gives an empty key', async () => ''],
    ['gives a number', async () => 5],
    ['gives null', async () => null],
  ])('of your own that %s has failed, and leaves nothing', async (_, accept) => {
    const there = await createServed({ identity: { accept } as never })
    const { closed } = await stranger(there.url)
    expect(await closed).toEqual([1011, 'hello-failed'])
    expect(there.refused).toMatchObject([{ why: 'failed' }])
    expect(there.recording.events).toEqual([])
  })

  it.each(['token', 'verify', 'session'])('may close both hubs in %s()', async (where) => {
    const hubs: { close(): Promise<void> }[] = []
    const closeAll = (at: string) => {
      if (at === where) for (const hub of hubs) void hub.close()
      return 'anna'
    }
    const there = await createServed({
      identity: tokenIdentity({ verify: () => closeAll('verify') }),
    })
    const here = createDialer({ identity: tokenIdentity({ token: () => closeAll('token') }) })
    hubs.push(there.hub, here.hub)
    for (const { hub } of [there, here]) hub.on('session', () => void closeAll('session'))
    expect(await codeOf(here.hub.connect(there.url))).toBe('HUB_CLOSED')
    await until(() => there.server.clients.size === 0, 'no socket is left')
  })

  it('of your own is two functions', async () => {
    const byName: Identity = {
      dial: async (hello) => void hello.send('anna'),
      accept: async (hello) => String(await hello.receive()),
    }
    const there = await createServed({ identity: byName })
    await createDialer({ identity: byName }).hub.connect(there.url)
    await until(() => there.hub.byKey('anna').length === 1, 'it is there')
  })
})

it('an identity that is given nothing says what it takes', async () => {
  const wrong = expect.objectContaining({ code: 'INVALID_OPTION' })
  for (const given of [undefined, null, {}, { tokn: () => 'a', who: () => 'a', keys: 1 }]) {
    expect(() => tokenIdentity(given as never)).toThrow(wrong)
    expect(() => requestIdentity(given as never)).toThrow(wrong)
    expect(await codeOf(keyIdentity(given as never))).toBe('INVALID_OPTION')
  }
})
