import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHub, type Hub } from '@conn-hub/core'
import { blocksOf, createFaultTransport, findPort, moduleOf, printedBy } from '@conn-hub/testkit'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { instrument } from '../src/index.js'
import { A, B, setup } from './support.js'

const page = new URL('../README.md', import.meta.url)
const folder = new URL('.', import.meta.url)
const PROMTOOL = '/usr/bin/promtool'

it('prints with the first example what the page says', async () => {
  const [example = ''] = blocksOf(page, 'js')
  const program = example.replaceAll('9464', String(await findPort()))
  expect(await printedBy(program, folder)).toBe(blocksOf(page, 'text')[0])
})

it('names each metric, and no other', async () => {
  const { hub, transport, scrape, meterProvider } = await setup()
  instrument(hub, { name: 'chat', meterProvider })
  hub.connect(A)
  transport.lastDial.hold('a queue')()
  const session = Object.assign(transport.lastDial.succeed(), {
    traffic: () => ({ bytesIn: 1, bytesOut: 1 }),
  })
  session.end()
  transport.inbound(B)
  await hub.close()
  const types = [...(await scrape()).text.matchAll(/^# TYPE (\w+)/gm)].map(([, name = '']) => name)
  const rows = [...readFileSync(page, 'utf8').matchAll(/^\| `(conn_hub\.[\w.]+)` \|/gm)]
  const names = rows.map(([, name = '']) => name.replaceAll('.', '_'))
  expect(types.map((name) => name.replace(/_total$/, '')).sort()).toEqual(names.sort())
})

describe('the recipes', () => {
  const isHere = existsSync(PROMTOOL)
  if (!isHere) console.log(`Left out: there is no promtool at ${PROMTOOL}.`)

  it.skipIf(!isHere)('for Prometheus are taken by it', () => {
    const [config = '', rules = ''] = blocksOf(page, 'yaml')
    const place = mkdtempSync(join(tmpdir(), 'conn-hub-promtool-'))
    onTestFinished(() => rmSync(place, { recursive: true }))
    for (const [what, text] of Object.entries({ config, rules })) {
      const file = join(place, `${what}.yml`)
      writeFileSync(file, text)
      const { status, stdout, stderr } = spawnSync(PROMTOOL, ['check', what, file], {
        encoding: 'utf8',
      })
      expect(stdout + stderr).toMatch(what === 'rules' ? '3 rules found' : 'SUCCESS')
      expect(status).toBe(0)
    }
  })

  it('answer a health check by what is connected', async () => {
    type Recipe = { createHealth(hub: Hub<unknown>, options?: { atLeast: number }): Server }
    const { createHealth } = await moduleOf<Recipe>(blocksOf(page, 'js')[1] ?? '', folder)
    const transport = createFaultTransport()
    const hub = createHub({ transport })
    const server = createHealth(hub as Hub<unknown>, { atLeast: 1 }).listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await once(server, 'listening')
    const ask = async () => {
      const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
      return [answer.status, await answer.json()]
    }
    expect(await ask()).toEqual([503, { closed: false, entries: 0, connected: 0 }])
    transport.inbound(A)
    expect(await ask()).toEqual([200, { closed: false, entries: 1, connected: 1 }])
    await hub.close()
    expect(await ask()).toEqual([503, { closed: true, entries: 0, connected: 0 }])
  })

  it('tell when a peer is down for 5 minutes, once', async () => {
    type Recipe = {
      tellWhenDown(
        hub: Hub<unknown>,
        addresses: string[],
        tell: (address: string) => void,
      ): () => void
    }
    const { tellWhenDown } = await moduleOf<Recipe>(blocksOf(page, 'js')[2] ?? '', folder)
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const transport = createFaultTransport()
    const hub = createHub({ transport })
    const told: string[] = []
    tellWhenDown(hub as Hub<unknown>, [A, B], (address) => void told.push(address))
    const a = transport.inbound(A)
    vi.advanceTimersByTime(299_999)
    expect(told).toEqual([])
    vi.advanceTimersByTime(1)
    expect(told).toEqual([B])
    a.end()
    vi.advanceTimersByTime(200_000)
    transport.inbound(A).end()
    transport.inbound('fault:stranger').end()
    vi.advanceTimersByTime(299_999)
    expect(told).toEqual([B])
    vi.advanceTimersByTime(1_000_000)
    expect(told).toEqual([B, A])
    transport.inbound(B).end()
    const closing = hub.close()
    expect(vi.getTimerCount()).toBe(0)
    await closing
  })
})
