import { once } from 'node:events'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createDialer, createPair, createServed, startServer, until, WebSocket } from './support.js'

/** As the README has it. */
const TABLE: [code: number, reason: string, error: string][] = [
  [1001, 'going-away', 'GOING_AWAY'],
  [1002, 'protocol-error', 'PROTOCOL_ERROR'],
  [1003, 'unsupported', 'UNSUPPORTED'],
  [1007, 'not-utf8', 'NOT_UTF8'],
  [1008, 'refused', 'REFUSED'],
  [1009, 'too-big', 'TOO_BIG'],
  [1011, 'failed', 'FAILED'],
  [1012, 'restart', 'RESTART'],
  [1013, 'try-later', 'TRY_LATER'],
  [3000, 'unauthorized', 'UNAUTHORIZED'],
  [3003, 'forbidden', 'FORBIDDEN'],
  [4123, 'closed-4123', 'LINK_CLOSED'],
]

const ended = async (side: Awaited<ReturnType<typeof createDialer>>) => {
  await until(() => side.hub.size === 0, 'it has seen the end')
  return side.recording.events.at(-1)
}

describe('a close', () => {
  it.each(TABLE)('with %i comes as the reason %s', async (code, reason, error) => {
    const { server, url } = await startServer()
    server.on('connection', (socket) => socket.close(code, 'their \u001b[31mwords'))
    const side = createDialer()
    await side.hub.connect(url)
    const last = await ended(side)
    expect(last).toMatchObject({
      type: 'disconnected',
      reason,
      initiator: 'remote',
      error: { code: error },
    })
    const { message } = (last as unknown as { error: Error }).error
    expect(message).toContain('their \\u{1b}[31mwords')
    expect(message).not.toContain('\u001b')
  })

  it.each(TABLE)(
    'with %i is sent for the reason %s, which goes along as text',
    async (code, reason) => {
      const { server, url } = await startServer()
      const closed = new Promise((resolve) =>
        server.on('connection', (socket) =>
          socket.on('close', (...end) => resolve(end.map(String))),
        ),
      )
      const { hub } = createDialer()
      await hub.connect(url)
      await hub.disconnect(url, { reason })
      expect(await closed).toEqual([String(code), reason])
    },
  )

  it.each([
    ['my own words', 1000],
    ['wrong-peer', 1008],
    ['limit', 1013],
    ['closed-3999', 1000],
    ['lost', 1000],
  ])('for the reason %s goes as %i', async (reason, code) => {
    const { server, url } = await startServer()
    const closed = new Promise((resolve) =>
      server.on('connection', (socket) => socket.on('close', resolve)),
    )
    const { hub } = createDialer()
    await hub.connect(url)
    await hub.disconnect(url, { reason })
    expect(await closed).toBe(code)
  })

  it('of a page comes with the twin of a code that pages may not send', async () => {
    const { hub, recording, url } = await createServed()
    const socket = new WebSocket(url)
    await once(socket, 'open')
    socket.close(4901)
    await until(() => hub.size === 0, 'it is gone')
    expect(recording.events.at(-1)).toMatchObject({ reason: 'going-away' })
  })

  it('without words is no error', async () => {
    const { here, there } = await createPair()
    await there.hub.close()
    const last = await ended(here)
    expect(last).toMatchObject({ reason: 'going-away', error: { code: 'GOING_AWAY' } })
    const { server, url } = await startServer()
    server.on('connection', (socket) => socket.close())
    const side = createDialer()
    await side.hub.connect(url)
    expect(await ended(side)).toMatchObject({ reason: 'session-closed' })
    expect(side.recording.events.at(-1)).not.toHaveProperty('error.code')
  })

  it('that cuts a long reason leaves whole characters', async () => {
    const { server, url } = await startServer()
    const closed = new Promise<Buffer>((resolve) =>
      server.on('connection', (socket) => socket.on('close', (_, text) => resolve(text))),
    )
    const { hub } = createDialer()
    await hub.connect(url)
    await hub.disconnect(url, { reason: '😀'.repeat(60) })
    const text = await closed
    expect(text.toString()).toBe('😀'.repeat(30))
  })
})

describe('a link that breaks', () => {
  it('is lost, with the error of the socket', async () => {
    const { here, there } = await createPair()
    for (const socket of there.server.clients) socket.terminate()
    for (const side of [here, there]) {
      expect(await ended(side)).toMatchObject({
        reason: 'lost',
        initiator: 'remote',
        error: { code: 'LINK_LOST' },
      })
    }
  })

  it('is destroyed where the other side does not answer a close', async () => {
    const { server, url } = await startServer()
    server.on('connection', (socket) => socket.pause())
    const side = createDialer({ closeTimeout: 100 })
    await side.hub.connect(url)
    const before = Date.now()
    expect(await side.hub.disconnect(url)).toBe(true)
    expect(Date.now() - before).toBeGreaterThanOrEqual(99)
    expect(side.recording.events.at(-1)).toMatchObject({ reason: 'disconnect', initiator: 'local' })
    await until(() => server.clients.size > 0, 'it is there')
    for (const socket of server.clients) socket.resume()
    await until(() => server.clients.size === 0, 'the socket is gone at the other side, too')
  })

  it('is gone within closeTimeout where the other side says so and keeps the socket; nothing is sent meanwhile', async () => {
    const { server, url } = await startServer()
    server.on('connection', (_, { socket }) => {
      socket.pause()
      // A close frame with 1001, and then nothing more.
      socket.write(Buffer.from([0x88, 2, 0x03, 0xe9]))
    })
    const side = createDialer({ closeTimeout: 300 })
    // Its timer is counted, and not the time of a busy machine.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const link = await side.hub.connect(url)
    while (link.send('x')) await new Promise((resolve) => setImmediate(resolve))
    await expect(link.drained()).rejects.toMatchObject({ code: 'LINK_CLOSED' })
    vi.advanceTimersByTime(299)
    // So many as a socket that is destroyed needs to be closed, and more.
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
    expect(side.hub.size).toBe(1)
    vi.advanceTimersByTime(1)
    vi.useRealTimers()
    expect(await ended(side)).toMatchObject({ reason: 'going-away', initiator: 'remote' })
  })
})
