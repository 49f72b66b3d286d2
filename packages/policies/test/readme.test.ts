import { readFileSync } from 'node:fs'
import { createMemoryNetwork, type MemoryLink } from '@conn-hub/conformance'
import { createHub, type Hub, type Transport } from '@conn-hub/core'
import { blocksOf, moduleOf, printedBy, turns } from '@conn-hub/testkit'
import { describe, expect, it } from 'vitest'
import * as policies from '../src/index.js'

const page = new URL('../README.md', import.meta.url)
const folder = new URL('.', import.meta.url)
const readme = readFileSync(page, 'utf8')
const samples = blocksOf(page, 'js')

/** The sample that has this name in it. */
const sample = <T>(name: string): Promise<T> => {
  const found = samples.filter((code) => code.includes(`const ${name} =`))
  expect(found).toHaveLength(1)
  return moduleOf<T>(found[0] ?? '', folder)
}

/** The cells of a table, by the heading of its first column. */
const tableOf = (heading: string): string[][] => {
  const lines = readme.split('\n')
  const start = lines.findIndex((line) => line.startsWith(`| ${heading} |`))
  const end = lines.findIndex((line, i) => i > start && !line.startsWith('|'))
  return lines.slice(start + 2, end).map((line) =>
    line
      .slice(1, -1)
      .split(' | ')
      .map((cell) => cell.trim()),
  )
}

type Make<T, O = never> = (transport: Transport<MemoryLink>, options: O) => T

describe('the README', () => {
  it('begins with something that prints what it says', async () => {
    expect(await printedBy(samples[0] ?? '', folder)).toBe(blocksOf(page, 'text')[0])
  })

  it('names what the package exports', () => {
    const names = tableOf('export').map(([first = '']) => /\w+/.exec(first)?.[0])
    expect(names.sort()).toEqual(Object.keys(policies).sort())
  })

  it('names each code', () => {
    const source = readFileSync(new URL('../src/parts/errors.ts', import.meta.url), 'utf8')
    const codes = [...source.matchAll(/^ {2}\| '(\w+)'/gm)].map(([, code]) => `\`${code}\``)
    expect(codes).toHaveLength(9)
    expect(
      tableOf('code')
        .map(([code]) => code)
        .sort(),
    ).toEqual(codes.sort())
  })

  it('has no sample that no test runs', () => {
    const run = ['createLaptop', 'createServer', 'createPub', 'start', 'server']
    expect(samples).toHaveLength(1 + run.length)
    for (const name of run) {
      expect(samples.filter((code) => code.includes(`const ${name} =`))).toHaveLength(1)
    }
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

describe('which of these do I need', () => {
  it('an app on a laptop: one link, also where both dial at once', async () => {
    type Laptop = { createLaptop: Make<Hub<MemoryLink>> }
    const { createLaptop } = await sample<Laptop>('createLaptop')
    const network = createMemoryNetwork({ latency: 2 })
    const [anna, ben] = ['anna', 'ben'].map((name) =>
      createLaptop(network.endpoint(name), null as never),
    )
    if (!anna || !ben) throw new Error('no laptop')
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
    const { createServer } = await sample<{ createServer: Make<Server> }>('createServer')
    const network = createMemoryNetwork()
    const { hub, stop } = createServer(network.endpoint('server'), null as never)
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
    type Who = { banned: Set<string>; friends: string[] }
    const { createPub } = await sample<{ createPub: Make<Pub, Who> }>('createPub')
    const network = createMemoryNetwork()
    const who = { banned: new Set(['mallory']), friends: ['anna'] }
    const { hub, explainer } = createPub(network.endpoint('pub'), who)
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
