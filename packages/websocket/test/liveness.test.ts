import { describe, expect, it, vi } from 'vitest'
import { startProxy } from './proxy.js'
import {
  createDialer,
  createPair,
  createServed,
  sessionOf,
  startServer,
  until,
  WebSocket,
} from './support.js'

const CLOSE_TIMEOUT = 300

/** A link through a network that the test can silence. */
const throughProxy = async () => {
  const there = await createServed({ closeTimeout: CLOSE_TIMEOUT })
  const proxy = await startProxy(there.port)
  const sockets: WebSocket[] = []
  class Recorded extends WebSocket {
    constructor(url: string, protocols: string[], options: object) {
      super(url, protocols, options)
      sockets.push(this)
    }
  }
  const here = createDialer({ closeTimeout: CLOSE_TIMEOUT, WebSocket: Recorded })
  const link = await here.hub.connect(proxy.url)
  await until(() => there.hub.size === 1, 'it is there')
  return {
    here,
    there,
    proxy,
    link,
    sockets,
    ours: sessionOf(here.hub),
    theirs: sessionOf(there.hub),
  }
}

describe('a probe', () => {
  it('is answered at both ends, and counts as heard', async () => {
    const { ours, theirs } = await throughProxy()
    for (const session of [ours, theirs]) {
      const before = session.traffic?.().heardAt ?? 0
      await new Promise((resolve) => setTimeout(resolve, 3))
      await session.probe?.(AbortSignal.timeout(5_000))
      expect(session.traffic?.().heardAt).toBeGreaterThan(before)
    }
  })

  it('is answered by any message', async () => {
    const { server, url } = await startServer({ autoPong: false })
    const { hub } = createDialer()
    server.on('connection', (socket) => socket.on('ping', () => socket.send('busy, but here')))
    await hub.connect(url)
    await sessionOf(hub).probe?.(AbortSignal.timeout(5_000))
  })

  it('by the text of a page is answered by its twin, and reaches no reader', async () => {
    const { url, hub } = await createServed()
    const socket = new WebSocket(url)
    const heard: string[] = []
    socket.on('message', (data) => heard.push(String(data)))
    await until(() => hub.size === 1 && socket.readyState === WebSocket.OPEN, 'it is open')
    socket.send('conn-hub ping')
    await until(() => heard.length === 1, 'the answer has come')
    expect(heard).toEqual(['conn-hub pong'])
    expect(sessionOf(hub).traffic?.()).toMatchObject({ messagesIn: 0, messagesOut: 0, bytesIn: 13 })
  })

  // Its timers are counted, and not the time of a busy machine; the network and its silence are real.
  it.each([[['up', 'down']], [['up']], [['down']]] as ('up' | 'down')[][][])(
    'finds out a network that is silent (%j): the link is gone when its deadline and closeTimeout are over, and not 100 ms later',
    async (silent) => {
      const { here, proxy, ours, sockets } = await throughProxy()
      for (const direction of silent) proxy.silent.add(direction)
      const DEADLINE = 200
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
      try {
        const controller = new AbortController()
        setTimeout(() => controller.abort(), DEADLINE)
        const gone = ours.probe?.(controller.signal).catch((error) => {
          expect(error.name).toBe('AbortError')
          return here.hub.disconnect(proxy.url, { reason: 'unresponsive' })
        })
        await vi.advanceTimersByTimeAsync(DEADLINE + CLOSE_TIMEOUT - 1)
        expect(here.hub.snapshot()[0]?.state).toBe('disconnecting')
        await vi.advanceTimersByTimeAsync(100)
        expect(here.hub.size).toBe(0)
        expect(await gone).toBe(true)
      } finally {
        vi.useRealTimers()
      }
      await until(() => sockets[0]?.readyState === WebSocket.CLOSED, 'the socket is closed')
      expect(here.recording.events.at(-1)).toMatchObject({
        reason: 'unresponsive',
        initiator: 'local',
      })
    },
  )

  it('leaves nothing at its signal', async () => {
    const { ours } = await throughProxy()
    const controller = new AbortController()
    let listeners = 0
    const { signal } = controller
    const [add, remove] = [
      signal.addEventListener.bind(signal),
      signal.removeEventListener.bind(signal),
    ]
    signal.addEventListener = (...given: Parameters<typeof add>) => {
      listeners++
      add(...given)
    }
    signal.removeEventListener = (...given: Parameters<typeof remove>) => {
      listeners--
      remove(...given)
    }
    for (let i = 0; i < 20; i++) await ours.probe?.(signal)
    expect(listeners).toBe(0)
  })
})

describe('a half-closed TCP connection', () => {
  it('is the end of the link at both sides', async () => {
    const { here, there, proxy } = await throughProxy()
    for (const socket of proxy.sockets) socket.end()
    await until(() => here.hub.size + there.hub.size === 0, 'both have seen it')
    for (const { recording } of [here, there]) {
      expect(recording.events.at(-1)).toMatchObject({
        reason: 'lost',
        error: { code: 'LINK_LOST' },
      })
    }
  })
})

describe('traffic', () => {
  it('counts what an app sent and got, in bytes of UTF-8', async () => {
    const { here, there, ours, theirs } = await createPair()
    ours.send('üñ😀\ud800')
    ours.send(new Uint8Array(5))
    await until(() => sessionOf(there.hub).traffic?.().messagesIn === 2, 'they have come')
    theirs.send('')
    await until(() => sessionOf(here.hub).traffic?.().messagesIn === 1, 'it has come')
    expect(sessionOf(here.hub).traffic?.()).toMatchObject({
      bytesOut: 16,
      messagesOut: 2,
      bytesIn: 0,
    })
    expect(sessionOf(there.hub).traffic?.()).toMatchObject({
      bytesIn: 16,
      messagesIn: 2,
      bytesOut: 0,
    })
  })
})
