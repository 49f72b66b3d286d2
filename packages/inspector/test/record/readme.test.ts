import fs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHub, type Hub } from '@conn-hub/core'
import { blocksOf, createFaultTransport, moduleOf, printedBy } from '@conn-hub/testkit'
import { expect, it, onTestFinished } from 'vitest'
import type { Recorder } from '../../src/record/index.js'
import * as entry from '../../src/record/index.js'
import { setup } from './support.js'

const page = new URL('../../record/README.md', import.meta.url)
const folder = new URL('.', import.meta.url)

it('prints with the first example what the page says', async () => {
  expect(await printedBy(blocksOf(page, 'js')[0] ?? '', folder)).toBe(blocksOf(page, 'text')[0])
})

it('writes to files with the second', async () => {
  type Sample = { recordTo(hub: Hub<unknown>, path: string): Recorder }
  const { recordTo } = await moduleOf<Sample>(blocksOf(page, 'js')[1] ?? '', folder)
  const place = await fs.mkdtemp(join(tmpdir(), 'conn-hub-record-'))
  onTestFinished(() => fs.rm(place, { recursive: true }))
  const hub = createHub({ transport: createFaultTransport() })
  const recorder = recordTo(hub as Hub<unknown>, join(place, 'hub.jsonl'))
  await hub.close()
  await recorder.stop()
  const text = await fs.readFile(join(place, 'hub.jsonl'), 'utf8')
  expect(
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).type),
  ).toContain('close')
})

it('has each function of the entry, and each option', async () => {
  const text = await fs.readFile(page, 'utf8')
  for (const name of Object.keys(entry)) expect(text).toContain(`\`${name}(`)
  for (const option of ['salt', 'data', 'part', 'waiting', 'onError']) {
    expect(text).toContain(`| \`${option}\` |`)
  }
})

it('names each type of a line, and each field that a record of all of them has', async () => {
  const text = await fs.readFile(page, 'utf8')
  const [, lines = ''] = /## Lines(.*?)## Replay/s.exec(text) ?? []
  const { hub, transport, lines: written } = setup({ data: (data) => data })
  hub.connect('fault:a', { data: { n: 1 } }).catch(() => {})
  transport.lastDial.hold('a queue')
  transport.lastDial.succeed()
  transport.inbound('fault:a').end(new Error('lost'))
  transport.acceptAnything({ address: 'fault:b', session: {} })
  await hub.close()
  const seen = new Set<string>()
  const note = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    for (const [name, inner] of Object.entries(value)) {
      seen.add(name)
      if (name !== 'data') note(inner)
    }
  }
  for (const line of await written()) note(line)
  for (const name of [...seen].filter((field) => !/^\d+$/.test(field) && field !== 'type')) {
    expect(lines, name).toMatch(new RegExp(`\`${name}\\??\``))
  }
  expect(seen.size).toBeGreaterThan(25)
})
