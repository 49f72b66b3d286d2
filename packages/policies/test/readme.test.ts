import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createMemoryNetwork, type MemoryLink } from '@conn-hub/conformance'
import { createHub, type Hub, type Transport } from '@conn-hub/core'
import { blocksOf, moduleOf, printedBy, tableOf, turns } from '@conn-hub/testkit'
import { typeFaultsOf } from '@conn-hub/testkit/types'
import { describe, expect, it } from 'vitest'
import * as policies from '../src/index.js'

const page = new URL('../README.md', import.meta.url)
const folder = new URL('.', import.meta.url)
const readme = readFileSync(page, 'utf8')
const samples = blocksOf(page, 'js')

/** What each sample alone has in it. */
const MARKS = { laptop: 'onePerPeer()', server: 'concurrent: 100', pub: 'createProtection()' }

/** Runs a sample, with what it says that the app has. */
const sample = async <T>(name: keyof typeof MARKS, given: Given): Promise<T> => {
  const found = samples.filter((code) => code.includes(MARKS[name]))
  expect(found).toHaveLength(1)
  Object.assign(globalThis, { sample: given })
  try {
    const names = Object.keys(given).join(', ')
    return await moduleOf<T>(`const { ${names} } = globalThis.sample\n${found[0]}`, folder)
  } finally {
    Reflect.deleteProperty(globalThis, 'sample')
  }
}

interface Given {
  readonly transport: Transport<MemoryLink>
  readonly banned?: Set<string>
  readonly friends?: readonly string[]
}

describe('the README', () => {
  it('begins with something that prints what it says', async () => {
    expect(await printedBy(samples[0] ?? '', folder)).toBe(blocksOf(page, 'text')[0])
  })

  it('names what the package exports', () => {
    const names = tableOf(readme, 'export').map(([first = '']) => /\w+/.exec(first)?.[0])
    expect(names.sort()).toEqual(Object.keys(policies).sort())
  })

  it('names each code', () => {
    const source = readFileSync(new URL('../src/parts/errors.ts', import.meta.url), 'utf8')
    const codes = [...source.matchAll(/^ {2}\| '(\w+)'/gm)].map(([, code]) => `\`${code}\``)
    expect(codes).toHaveLength(9)
    expect(
      tableOf(readme, 'code')
        .map(([code]) => code)
        .sort(),
    ).toEqual(codes.sort())
  })

  it('has no sample that no test runs', () => {
    // The last two are run as recipes.
    const run = [...Object.values(MARKS), 'SecretStack', 'SIGTERM']
    expect(samples).toHaveLength(1 + run.length)
    for (const mark of run) expect(samples.filter((code) => code.includes(mark))).toHaveLength(1)
  })

  it('shows an order that compose() takes', () => {
    const [, order = ''] = blocksOf(page, 'text')
    const { compose, gate, limitDials, limitInbound, limitSessions, onePerPeer, createDrain } =
      policies
    expect(order.match(/\w+/g)).toEqual([
      ...['compose', 'transport', 'limitInbound', 'gate', 'limitSessions', 'onePerPeer'],
      ...['limitDials', 'createDrain'],
    ])
    compose(
      createMemoryNetwork().endpoint('me'),
      limitInbound({ by: () => 'all', concurrent: 1 }),
      gate({ beforeSession: () => true }),
      limitSessions({ inbound: 1 }),
      onePerPeer(),
      limitDials({ parallel: 1 }),
      createDrain(),
    )
  })
})

it('has samples that are TypeScript, too', () => {
  const declared = {
    transport: "import('@conn-hub/core').Transport<{ send(text: string): void }>",
    banned: 'Set<string>',
    friends: 'string[]',
  }
  /** What the sample takes from the app. */
  const declare = (code: string) =>
    Object.entries(declared)
      .filter(([name]) => !code.includes(`const ${name} =`))
      .map(([name, type]) => `declare const ${name}: ${type}`)
      .join('\n')
  // That of SIGTERM takes its transport from another page.
  const typed = samples.filter((code) => !code.includes('./tcp.js'))
  const into = mkdtempSync(fileURLToPath(new URL('samples-', import.meta.url)))
  try {
    const files = typed.map((code, i) => {
      const file = `${into}/sample-${i}.mts`
      const isAlone = code === samples[0]
      writeFileSync(file, isAlone ? code : `${declare(code)}\n${code}`)
      return file
    })
    expect(typeFaultsOf(files, ['node']).map(({ message }) => message)).toEqual([])
  } finally {
    rmSync(into, { recursive: true })
  }
})

describe('which of these do I need', () => {
  it('an app on a laptop: one link, also where both dial at once', async () => {
    const network = createMemoryNetwork({ latency: 2 })
    const laptopOf = async (name: string) => {
      const given = { transport: network.endpoint(name) }
      return (await sample<{ hub: Hub<MemoryLink> }>('laptop', given)).hub
    }
    const [anna, ben] = [await laptopOf('anna'), await laptopOf('ben')]
    let opened = 0
    for (const hub of [anna, ben]) hub.on('session', () => opened++)
    await Promise.all([anna.connect('mem:ben'), ben.connect('mem:anna')])
    const links = (hub: Hub<MemoryLink>) =>
      hub.snapshot().flatMap(({ sessions }) => sessions.map(({ handle }) => handle.number))
    // Two links at both sides, and then one, which is the same.
    await expect.poll(() => `${opened}: ${links(anna)}, ${links(ben)}`).toMatch(/^4: (\d), \1$/)
    await Promise.all([anna.close(), ben.close()])
  })

  it('a server: no more than five links with one client, and an orderly end', async () => {
    type Server = { hub: Hub<MemoryLink>; stop(): Promise<void> }
    const network = createMemoryNetwork()
    const { hub, stop } = await sample<Server>('server', { transport: network.endpoint('server') })
    const client = createHub({ transport: network.endpoint('client') })
    await client.connect('mem:server')
    expect(hub.size).toBe(1)
    await client.disconnect('mem:server')
    await stop()
    expect(hub.closed).toBe(true)
    await client.close()
  })

  it('a pub: no banned ones, and friends push strangers out', async () => {
    type Pub = { hub: Hub<MemoryLink>; explainer: policies.Explainer }
    const network = createMemoryNetwork()
    const who = { banned: new Set(['mallory']), friends: ['anna'] }
    const given = { transport: network.endpoint('pub'), ...who }
    const { hub, explainer } = await sample<Pub>('pub', given)
    const names = [
      'mallory',
      'anna',
      ...Array.from({ length: 99 }, (_, i) => `stranger-${i}`),
      'ben',
    ]
    const hubs = names.map((name) => createHub({ transport: network.endpoint(name) }))
    for (const each of hubs) await each.connect('mem:pub').catch(() => {})
    await turns()
    expect(hub.size).toBe(100)
    expect(hub.byKey('mallory')).toEqual([])
    const texts = (address: string) => explainer.explain(address).map(({ text }) => text)
    expect(texts('mem:mallory')).toEqual(['not connected', 'refused by gate: banned'])
    expect(texts('mem:anna')).toEqual(['connected', 'protected: a friend'])
    expect(texts('mem:stranger-0')).toEqual(['not connected', 'ended: limit, by us'])
    expect(texts('mem:ben')).toEqual(['connected'])
    await Promise.all([hub, ...hubs].map((each) => each.close()))
  })
})
