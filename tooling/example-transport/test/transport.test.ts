import { execFile } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import net, { type AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type ConformanceOptions, conformance, type Subject } from '@conn-hub/conformance'
import { createHub } from '@conn-hub/core'
import { blocksOf, findPort, until } from '@conn-hub/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createTcpTransport } from '../src/transport.js'

const FILE = new URL('../src/transport.ts', import.meta.url)
const README = new URL('../../../packages/core/README.md', import.meta.url)

/** What the kit does not judge here. */
const LACKS = ['its dial() holds no attempt']
for (const part of ['probe', 'traffic']) LACKS.push(`its sessions have no ${part}()`)

const start = async () => {
  const server = net.createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const transport = createTcpTransport(server, generateKeyPairSync('ed25519'))
  return { server, port, transport, address: `tcp:127.0.0.1:${port}:${transport.self}` }
}

type Started = Awaited<ReturnType<typeof start>>

interface Served extends Subject<net.Socket> {
  readonly servers: readonly net.Server[]
}

const subject: ConformanceOptions<Served> = {
  setup: async () => {
    const [a, b] = [await start(), await start()]
    return {
      peers: [a, b],
      servers: [a.server, b.server],
      deadAddress: a.address.replace(/:\d+:/, `:${await findPort()}:`),
      noAddress: 'tcp:127.0.0.1:8008',
    }
  },
  teardown: ({ servers }) => {
    for (const server of servers) server.close()
  },
}

describe('the shortest transport with keys', () => {
  it('has fewer than 100 lines, and is the one of the README of core', () => {
    const code = readFileSync(FILE, 'utf8')
    expect(code.trimEnd().split('\n').length).toBeLessThan(100)
    expect(blocksOf(README, 'ts')).toContain(code)
  })

  for (const { name, run } of conformance(subject)) {
    it(name, async () => {
      const lacks = await run()
      if (lacks !== undefined) expect(LACKS).toContain(lacks)
    })
  }
})

const served = async () => {
  const started = await start()
  const hub = createHub({ transport: started.transport })
  const refused: string[] = []
  hub.on('refused', ({ why }) => refused.push(why))
  onTestFinished(async () => {
    await hub.close()
    started.server.close()
  })
  return { ...started, hub, refused }
}

const openSockets = ({ server }: Started): Promise<number> =>
  new Promise((resolve) => server.getConnections((_, count) => resolve(count)))

describe('a hello', () => {
  it.each([
    ['is noise', Buffer.alloc(1_000, 7)],
    ['ends early', Buffer.alloc(63)],
    ['ends before the signature', Buffer.alloc(100)],
  ])('that %s is refused, and leaves nothing', async (_, bytes) => {
    const there = await served()
    const socket = net.connect(there.port, '127.0.0.1').on('error', () => {})
    socket.resume().end(bytes)
    await until(async () => there.refused.length > 0, 'it is refused')
    expect(there.refused).toEqual(['failed'])
    expect(there.hub.size).toBe(0)
    await until(async () => (await openSockets(there)) === 0, 'no socket is left')
  })

  it('that sends our own words back proves nothing', async () => {
    const [here, there] = [await served(), await served()]
    const mirror = net.createServer((socket) => socket.on('error', () => {}).pipe(socket))
    await once(mirror.listen(0, '127.0.0.1'), 'listening')
    onTestFinished(() => void mirror.close())
    const { port } = mirror.address() as AddressInfo
    const address = there.address.replace(/:\d+:/, `:${port}:`)
    const failed = await here.hub.connect(address).catch((error) => error)
    expect(failed).toMatchObject({ code: 'DIAL_FAILED' })
    expect(failed.message).toContain('the signature is not that of the key')
    await until(async () => (await openSockets({ ...here, server: mirror })) === 0, 'none is left')
  })

  it('of another key than the address names fails the dial with WRONG_PEER', async () => {
    const [here, there] = [await served(), await served()]
    const another = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x
    const address = there.address.replace(/[^:]+$/, String(another))
    await expect(here.hub.connect(address)).rejects.toMatchObject({ code: 'WRONG_PEER' })
    await until(() => there.hub.size === 0, 'it is gone at the other side, too')
  })

  it('loses nothing that was sent right after it', async () => {
    const [here, there] = [await served(), await served()]
    there.hub.on('session', ({ session }) => void session.handle.write('at once'))
    const socket = await here.hub.connect(there.address)
    expect(String((await once(socket, 'data'))[0])).toBe('at once')
  })
})

describe('the program', () => {
  it('shows two hubs that talk, and one that is not who it should be', async () => {
    const program = fileURLToPath(new URL('../dist/main.js', import.meta.url))
    const { stdout } = await promisify(execFile)(process.execPath, [program])
    for (const line of ['anna hears: hello anna', 'ben hears: hello ben']) {
      expect(stdout).toContain(line)
    }
    expect(stdout).toContain('anna: connecting-failed')
    expect(stdout.trimEnd().split('\n').at(-1)).toContain('disconnected')
  })
})
