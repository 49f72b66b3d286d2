import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import net from 'node:net'
import { fileURLToPath } from 'node:url'
import * as core from '@conn-hub/core'
import { createHub, type Hub, HubError, type Transport } from '@conn-hub/core'
import { blocksOf, moduleOf, printedBy, record, tableOf, until } from '@conn-hub/testkit'
import { describe, expect, it, vi } from 'vitest'

interface Peer {
  readonly lines: { on(type: 'line', listener: (line: string) => void): void }
  send(line: string): void
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const readme = await readFile(here('../README.md'), 'utf8')

const page = new URL('../README.md', import.meta.url)
const [example = '', tcp = ''] = blocksOf(page, 'js')

/** The first word in code, of each row. */
const namesOf = (heading: string): string[] =>
  tableOf(readme, heading).map(([first = '']) => /^`(\w+)/.exec(first)?.[1] ?? first)

const folder = new URL('.', import.meta.url)

describe('the first example', () => {
  it('prints what it says', async () => {
    const printed = await printedBy(example, folder)
    expect(printed).toBe(blocksOf(page, 'text')[0])
  })
})

describe('the TCP transport', () => {
  it('has at most 40 lines', () => {
    expect(tcp.trimEnd().split('\n').length).toBeLessThanOrEqual(40)
  })

  interface Tcp {
    createTcpTransport(server: net.Server): Transport<Peer>
  }

  const start = async () => {
    const { createTcpTransport } = await moduleOf<Tcp>(tcp, folder)
    const server = net.createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const hub: Hub<Peer> = createHub({
      transport: createTcpTransport(server),
      closeTimeout: 2_000,
    })
    const { port } = server.address() as net.AddressInfo
    const heard: string[] = []
    hub.on('connected', ({ session }) => {
      session.handle.lines.on('line', (line) => heard.push(line))
    })
    return { hub, server, heard, address: `tcp:127.0.0.1:${port}`, recording: record(hub) }
  }

  it('talks both ways, and both sides see the end', async () => {
    const [a, b] = [await start(), await start()]
    const peer = await a.hub.connect(b.address)
    peer.send('hello')
    peer.send('how are you')
    await until(() => b.heard.length === 2, 'the lines have come')
    expect(b.heard).toEqual(['hello', 'how are you'])
    const [entry] = b.hub.snapshot()
    expect(entry).toMatchObject({ state: 'connected', kind: 'local' })
    entry?.sessions[0]?.handle.send('fine')
    await until(() => a.heard.length === 1, 'the answer has come')
    expect(a.heard).toEqual(['fine'])

    expect(await a.hub.disconnect(b.address)).toBe(true)
    await until(() => b.hub.size === 0, 'the other side has seen the end')
    expect(a.recording.lines()).toEqual(
      ['connecting', 'connected', 'disconnecting', 'disconnected'].map((x) => `${x} ${b.address}`),
    )
    expect(b.recording.events).toMatchObject([
      { type: 'connected', direction: 'inbound' },
      { type: 'disconnected', initiator: 'remote', reason: 'session-closed' },
    ])
    await Promise.all([a.hub.close(), b.hub.close()])
    expect([a.server.listening, b.server.listening]).toEqual([false, false])
  })

  it('gives up a dial that is cancelled', async () => {
    const [a, b] = [await start(), await start()]
    const outcome = a.hub.connect(b.address).catch(({ code }) => code)
    expect(await a.hub.disconnect(b.address)).toBe(true)
    expect(await outcome).toBe('DIAL_CANCELLED')
    const { hub, server } = b
    await Promise.all([a.hub.close(), hub.close()])
    await until(() => openSockets(server), 'no socket is left')
    expect(a.recording.events.map(({ type }) => type)).not.toContain('connected')
  })

  it('destroys the socket of a dial when its signal aborts', async () => {
    const { createTcpTransport } = await moduleOf<Tcp>(tcp, folder)
    const sockets: net.Socket[] = []
    const connect = net.connect
    vi.spyOn(net, 'connect').mockImplementation(((options: net.NetConnectOpts) => {
      const socket = connect(options)
      sockets.push(socket)
      return socket
    }) as typeof net.connect)
    const server = net.createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as net.AddressInfo
    const controller = new AbortController()
    const fail = vi.fn()
    const succeed = vi.fn()
    const attempt = {
      signal: controller.signal,
      data: {},
      hold: () => () => {},
      ended: () => {},
      succeed,
      fail,
    }
    createTcpTransport(server).dial(`tcp:127.0.0.1:${port}`, attempt)
    controller.abort()
    await vi.waitFor(() => expect(fail).toHaveBeenCalledTimes(1))
    expect(sockets.map(({ destroyed }) => destroyed)).toEqual([true])
    expect(succeed).not.toHaveBeenCalled()
    server.close()
  })

  it('says why a dial failed, and what no address is', async () => {
    const { hub, server, address, recording } = await start()
    server.close()
    await once(server, 'close')
    const refused = await hub.connect(address).catch((error) => error)
    expect(refused).toMatchObject({ code: 'DIAL_FAILED', cause: { code: 'ECONNREFUSED' } })
    const invalid = await hub.connect('http://x').catch((error) => error)
    expect(invalid.message).toBe(
      'The transport cannot read this address: an address looks like tcp:HOST:PORT',
    )
    expect(recording.events.map(({ type }) => type)).toEqual(['connecting', 'connecting-failed'])
    await hub.close()
  })

  it('tells the error of a link that broke', async () => {
    const { hub, server, recording } = await start()
    const { port } = server.address() as net.AddressInfo
    const socket = net.connect(port, '127.0.0.1')
    await until(() => hub.size === 1, 'it is connected')
    socket.resetAndDestroy()
    await until(() => hub.size === 0, 'it is gone')
    expect(recording.events.at(-1)).toMatchObject({
      type: 'disconnected',
      initiator: 'remote',
      error: { code: 'ECONNRESET' },
    })
    await hub.close()
  })
})

describe('the tables', () => {
  it('name what the package exports', () => {
    expect(namesOf('export').sort()).toEqual(Object.keys(core).sort())
  })

  it('name what a hub has', () => {
    const hub = createHub({ transport: { describe: () => ({}), dial: () => {} } })
    expect(namesOf('of a hub').sort()).toEqual(Object.getOwnPropertyNames(hub).sort())
  })

  it('name the events that can be listened to', () => {
    const hub = createHub({ transport: { describe: () => ({}), dial: () => {} } })
    const types = tableOf(readme, 'type').map(([type = '']) => type.replaceAll('`', ''))
    expect(types).toHaveLength(6)
    types.push(
      ...tableOf(readme, 'other').map(([type = '']) =>
        type.replace(/[`']/g, '').replaceAll("'", ''),
      ),
    )
    expect(types).toHaveLength(13)
    for (const type of types) expect(() => hub.on(type as '*', () => {})).not.toThrow()
  })

  it('have the codes of the source, word for word', async () => {
    const source = await readFile(here('../src/model/errors.ts'), 'utf8')
    const table = tableOf(source, 'code')
    expect(tableOf(readme, 'code')).toEqual(table)
    const union = [...source.matchAll(/^ {2}\| '([A-Z_]+)'$/gm)].map(([, code]) => `\`${code}\``)
    expect(table.map(([code]) => code)).toEqual(union)
    expect(union).toHaveLength(17)
  })

  it('have the deadlines that a hub has', async () => {
    vi.useFakeTimers()
    const [dial, close, hold] = tableOf(readme, 'option').map(([, value = '']) =>
      Number(value.replace(' ms', '').replaceAll(' ', '')),
    )
    const hub = createHub({ transport: { describe: () => ({}), dial: () => {} } })
    const failed = hub.connect('x').catch((error) => error)
    const left = () => vi.getTimerCount()
    vi.advanceTimersByTime((dial ?? 0) - 1)
    expect(left()).toBe(1)
    vi.advanceTimersByTime(1)
    expect(left()).toBe(0)
    vi.useRealTimers()
    const error = (await failed) as HubError
    expect(error).toBeInstanceOf(HubError)
    expect(error.message).toContain(`${dial} ms`)
    expect([dial, close, hold]).toEqual([30_000, 5_000, 600_000])
  })
})

const openSockets = (server: net.Server): Promise<boolean> =>
  new Promise((resolve) => server.getConnections((_, count) => resolve(count === 0)))
