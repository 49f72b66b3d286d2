import { readFileSync } from 'node:fs'
import { blocksOf, moduleOf, printedBy, until } from '@conn-hub/testkit'
import { describe, expect, it } from 'vitest'
import type { Fleet } from '../src/index.js'
import { hasRedis, startRedis } from './redis-server.js'
import { createToyHub } from './toy-hub.js'

const page = new URL('../README.md', import.meta.url)
const folder = new URL('.', import.meta.url)
const text = readFileSync(page, 'utf8')
const [first = '', onRedis = '', onIoRedis = '', kit = ''] = blocksOf(page, 'js')

describe('the README', () => {
  it('finds anna on another machine', async () => {
    const [found] = blocksOf(page, 'text')
    expect(await printedBy(first, folder)).toBe(found)
  })

  it.skipIf(!hasRedis).each([
    ['redis', onRedis],
    ['ioredis', onIoRedis],
  ])('joins on Redis by %s', async (_, code) => {
    const server = await startRedis()
    const own = code.replace('redis://127.0.0.1:6379', server.url)
    expect(own).not.toBe(code)
    type Join = (hub: unknown, machine: string) => Promise<Fleet>
    const { join } = await moduleOf<{ join: Join }>(own, folder)
    const toy = createToyHub()
    toy.add('anna')
    const fleet = await join(toy.hub, 'web-1')
    await fleet.ready
    await until(async () => (await fleet.find('anna')).length === 1, 'anna is there')
    await toy.hub.close()
    await fleet.leave()
    await server.end()
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
