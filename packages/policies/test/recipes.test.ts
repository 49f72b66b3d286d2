import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHub, type Hub } from '@conn-hub/core'
import type { Keeper, KeyTarget } from '@conn-hub/keeper'
import { toTransport } from '@conn-hub/secret-stack'
import {
  blocksOf,
  findPort,
  generateKeys,
  moduleOf,
  type Sbot,
  type SbotRpc,
  type Ssb,
  startSbot,
  until,
} from '@conn-hub/testkit'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { compose, onePerPeer } from '../src/index.js'

const page = new URL('../README.md', import.meta.url)
const folder = new URL('.', import.meta.url)
const recipe = (word: string, from = page): string => {
  const [found = ''] = blocksOf(from, 'js').filter((code) => code.includes(word))
  expect(found).not.toBe('')
  return found
}

interface Started {
  readonly ssb: Ssb
  readonly hub: Hub<SbotRpc>
  readonly keeper: Keeper
}

interface Given {
  readonly pubs: readonly KeyTarget[]
  readonly banned: Set<string>
  readonly shs: string
}

describe('the recipe for an sbot', () => {
  /** The sbot of the recipe, with 2 places in the place of 50, and shorter waits. */
  const withSbot = async (
    options: Given,
    test: (started: Started, address: string) => Promise<void>,
  ) => {
    const code = recipe('SecretStack')
      .replace(/const pubs = .*/, 'const { pubs, banned, shs, port } = globalThis.recipe')
      .replace(/const banned = .*/, '')
      .replace('caps, host', 'caps: { shs }, host')
      .replace('port: 8008', 'port')
      .replace('inbound: 50', 'inbound: 2')
      .replace('createKeeper(hub)', 'createKeeper(hub, { backoff: { base: 200, max: 1_000 } })')
    Object.assign(globalThis, { recipe: { ...options, port: await findPort() } })
    const started = await moduleOf<Started>(code, folder)
    Reflect.deleteProperty(globalThis, 'recipe')
    const { ssb, hub } = started
    try {
      if (!ssb.getAddress()) await once(ssb, 'multiserver:listening')
      await test(started, ssb.getAddress())
    } finally {
      await hub.close()
      ssb.close(true, () => {})
    }
  }

  it('keeps banned ones out, and lets so many in and no more', async () => {
    const caps = { shs: randomBytes(32).toString('base64') }
    const mallory = generateKeys()
    const options = { pubs: [], banned: new Set([mallory.id]), ...caps }
    await withSbot(options, async ({ hub }, address) => {
      const refused: string[] = []
      hub.on('refused', ({ by, why }) => refused.push(`${by}: ${why}`))
      const clients = await Promise.all(
        [mallory, ...Array.from({ length: 3 }, () => generateKeys())].map((keys) =>
          startSbot({ keys, caps }),
        ),
      )
      try {
        const hubs = clients.map(({ ssb }) => createHub({ transport: toTransport(ssb) }))
        for (const client of hubs) {
          await client.connect(address).catch(() => {})
          await until(() => hub.size + refused.length > hubs.indexOf(client), 'one more has come')
        }
        expect(refused).toEqual(['gate: banned', 'limitSessions: limit-inbound'])
        expect([hub.size, hub.byKey(mallory.id)]).toEqual([2, []])
        await until(() => hubs.filter(({ size }) => size > 0).length === 2, 'two are left')
        await Promise.all(hubs.map((client) => client.close()))
      } finally {
        await Promise.all(clients.map((client) => client.close()))
      }
    })
  })

  it('keeps three pubs for ever: one that restarts is connected again, and a banned one never', async () => {
    const caps = { shs: randomBytes(32).toString('base64') }
    const keys = Array.from({ length: 4 }, () => generateKeys())
    const pubs = await Promise.all(keys.map((own) => startSbot({ keys: own, caps })))
    const mallory = pubs[3] as Sbot
    const targets = pubs.map(({ id, address }) => ({ key: id, addresses: [address] }))
    const options = { pubs: targets, banned: new Set([mallory.id]), ...caps }
    try {
      await withSbot(options, async ({ hub, keeper }) => {
        const kept = [...keeper.entries()]
        const open = () => kept.filter(({ state }) => state === 'connected').map(({ key }) => key)
        const three = keys.slice(0, 3).map(({ id }) => id)
        await until(() => open().length === 3, 'the three are connected')
        expect(open()).toEqual(three)
        const [first] = pubs as [Sbot]
        await first.close()
        await until(() => open().length === 2, 'one has gone')
        pubs[0] = await startSbot({
          keys: keys[0] as ReturnType<typeof generateKeys>,
          caps,
          port: first.port,
        })
        await until(() => open().length === 3, 'it is connected again')
        expect([open(), hub.byKey(mallory.id).flatMap(({ sessions }) => sessions)]).toEqual([
          three,
          [],
        ])
        expect(kept[3]?.attempts).toBeGreaterThan(0)
        expect(kept[3]?.lastError).toMatchObject({ cause: { code: 'GATE_REFUSED' } })
      })
    } finally {
      await Promise.all(pubs.map((pub) => pub.close()))
    }
  })
})

describe('two sbots that dial each other at once', () => {
  it('end with one link, which works', async () => {
    const [a, b] = await Promise.all([startSbot(), startSbot()])
    try {
      const hubs = [a, b].map(({ ssb }) =>
        createHub({ transport: compose(toTransport(ssb), onePerPeer({ settle: 500 })) }),
      )
      const [one, two] = hubs as [Hub<SbotRpc>, Hub<SbotRpc>]
      await Promise.all([one.connect(b.address), two.connect(a.address)])
      const count = (hub: Hub<SbotRpc>) => hub.snapshot().flatMap(({ sessions }) => sessions).length
      await until(() => count(one) === 1 && count(two) === 1, 'each has one link')
      const lower = a.id < b.id ? one : two
      expect(lower.snapshot()[0]?.sessions[0]?.direction).toBe('outbound')
      await Promise.all(hubs.map((hub) => hub.close()))
    } finally {
      await Promise.all([a.close(), b.close()])
    }
  })
})

/** The program of the README in one file, so that Node alone runs it. */
const bundle = async (code: string, into: string): Promise<string> => {
  const tcp = recipe('createTcpTransport = ', new URL('../../core/README.md', import.meta.url))
  const file = join(into, 'server.mjs')
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: folder.pathname },
    plugins: [
      {
        name: 'the transport of the README of core',
        setup: ({ onResolve, onLoad }) => {
          onResolve({ filter: /^\.\/tcp\.js$/ }, () => ({ path: 'tcp.js', namespace: 'tcp' }))
          onLoad({ filter: /.*/, namespace: 'tcp' }, () => ({
            contents: tcp,
            resolveDir: folder.pathname,
          }))
        },
      },
    ],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    conditions: ['@conn-hub/source'],
  })
  writeFileSync(file, outputFiles[0]?.contents ?? '')
  return file
}

const exitOf = async (child: ChildProcess) => {
  const [code, signal] = await once(child, 'exit')
  return { code, signal }
}

describe('the recipe for SIGTERM', () => {
  it('has ten lines that matter', () => {
    const lines = recipe('SIGTERM').trim().split('\n')
    expect(
      lines.filter((line) => line !== '' && !line.startsWith('import')).length,
    ).toBeLessThanOrEqual(10)
  })

  it('lets one go after the other, refuses new ones, and the process ends by itself', async () => {
    const into = mkdtempSync(join(tmpdir(), 'policies-'))
    const port = await findPort()
    const code = recipe('SIGTERM').replace('30_000', '5_000')
    const tells = `
      server.on('listening', () => console.log('listening'))
      hub.on('session', () => console.log('session'))`
    const file = await bundle(code + tells, into)
    const child = spawn(process.execPath, [file], {
      env: { ...process.env, PORT: `${port}` },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const exit = exitOf(child)
    try {
      let said = ''
      child.stdout.on('data', (text) => {
        said += text
      })
      await until(() => said.includes('listening'), 'it listens')
      const open = async () => {
        const socket = net.connect(port, '127.0.0.1')
        socket.on('error', () => {})
        await once(socket, 'connect')
        return socket.resume()
      }
      const sockets = await Promise.all(Array.from({ length: 20 }, open))
      const leftAtEnd: number[] = []
      for (const socket of sockets) {
        socket.on('end', () => leftAtEnd.push(sockets.filter((each) => !each.readableEnded).length))
      }
      await until(() => said.split('session').length > 20, 'the hub has all of them')
      child.kill('SIGTERM')
      await until(() => leftAtEnd.length > 0, 'the first has gone')
      // They do not go together.
      expect(leftAtEnd[0]).toBeGreaterThan(10)
      const late = await open()
      await once(late, 'end')
      expect(leftAtEnd.length).toBeLessThan(20)
      expect(await exit).toEqual({ code: 0, signal: null })
      expect(leftAtEnd).toHaveLength(20)
    } finally {
      child.kill('SIGKILL')
      rmSync(into, { recursive: true })
    }
  })
})
