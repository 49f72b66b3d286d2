import { readFileSync } from 'node:fs'
import { blocksOf, moduleOf, printedBy, until } from '@conn-hub/testkit'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Fleet } from '../src/index.js'
import { Ends } from './fixture.js'
import { hasRedis, startRedis } from './redis-server.js'
import { createToyHub } from './toy-hub.js'
import { Way } from './way.js'

const page = new URL('../README.md', import.meta.url)
const folder = new URL('.', import.meta.url)
const text = readFileSync(page, 'utf8')
const [first = '', onRedis = '', onIoRedis = '', kit = ''] = blocksOf(page, 'js')

type Join = (hub: unknown, machine: string) => Promise<{ fleet: Fleet; end(): Promise<void> }>

const ends = new Ends()
afterEach(() => ends.all())

describe('the README', () => {
  it('finds anna on another machine', async () => {
    const [found] = blocksOf(page, 'text')
    expect(await printedBy(first, folder)).toBe(found)
  })

  it.skipIf(!hasRedis).each([
    ['redis', onRedis],
    ['ioredis', onIoRedis],
  ])('joins on Redis by %s, and comes back', async (_, code) => {
    const server = ends.add(await startRedis(), (one) => one.end())
    const way = ends.add(await new Way(server.port).start(), (one) => one.end())
    const own = code
      .replace(':6379', `:${way.port}`)
      .replaceAll('5_000', '500')
      .replace('machine })', 'machine, lease: 1_000 })')
    expect(own.split(/:\d{5}\b|\b500\b|1_000/).length).toBe(4)
    const { join } = await moduleOf<{ join: Join }>(own, folder)
    ends.add(vi.spyOn(console, 'error').mockReturnValue(), (spy) => spy.mockRestore())
    const { hub, add } = createToyHub()
    add('anna')
    const { fleet, end } = await join(hub, 'web-1')
    ends.add(hub, (one) => one.close())
    ends.add(end, (run) => run())
    await fleet.ready
    await until(async () => (await fleet.find('anna')).length === 1, 'anna is there')
    // The connection dies without a word, and so does the next one.
    const before = way.accepted
    way.silence()
    await until(() => fleet.state === 'isolated', 'it is cut off')
    await until(() => way.accepted > before, 'it has tried a new connection')
    way.lose()
    await until(() => fleet.state === 'joined', 'it is back')
  })

  it('tries an engine', async () => {
    expect((await printedBy(kit, folder)).match(/^ok: /gm)?.length).toBeGreaterThan(10)
  })

  it('has each code of an error, and each option', () => {
    const errors = readFileSync(new URL('../src/model/errors.ts', import.meta.url), 'utf8')
    const codes = [...errors.matchAll(/^ {2}\| '(\w+)'/gm)].map(([, code]) => code)
    expect(codes.length).toBeGreaterThan(15)
    for (const code of codes) expect(text).toContain(`\`${code}\``)
    for (const option of ['engine', 'machine', 'lease', 'batch', 'poll', 'follow', 'publish'])
      expect(text).toMatch(new RegExp(`^\\| \`${option}\` \\|`, 'm'))
  })
})
