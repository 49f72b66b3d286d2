import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHub } from '@conn-hub/core'
import { createFaultTransport } from '@conn-hub/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { sliderOf } from '../../src/cli/record-file.js'
import { RecordPlayer } from '../../src/cli/record-player.js'
import { serveInspector } from '../../src/index.js'
import { record } from '../../src/record/index.js'
import { ask, openStream, TOKEN } from '../support.js'
import { runProgram } from './run.js'

/** A record in which a, b, c and d come, one each minute, and then the hub closes; the moments are set by hand. */
const recorded = async (): Promise<string> => {
  const transport = createFaultTransport()
  const hub = createHub({ transport })
  const texts: string[] = []
  const recorder = record(hub, (text) => void texts.push(text))
  await recorder.flush()
  for (const name of ['a', 'b', 'c', 'd']) transport.inbound(`fault:${name}`)
  await hub.close()
  await recorder.stop()
  const lines = texts
    .join('')
    .split('\n')
    .filter((line) => line && !line.includes('"ready"'))
  return lines.map((line, i) => line.replace(/"at":\d+/, `"at":${START + i * 60_000}`)).join('\n')
}
const START = Date.UTC(2026, 10, 26, 7)

const fileOf = (text: string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'conn-hub-record-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'hub.jsonl')
  writeFileSync(file, text)
  return file
}

describe('the program, with a file', () => {
  it('serves the page of the record as it was at a moment', async () => {
    const run = runProgram(fileOf(await recorded()), '--at', '+2m')
    await run.seen(/Open http:\S+\n/)
    await run.seen('entries: 2')
    const url = /Open (\S+)/.exec(run.output())?.[1] ?? ''
    expect((await ask(url)).body).toContain('<html')
    const stream = await openStream(url)
    await stream.heard(2)
    expect([...stream.entries.keys()]).toEqual(['fault:a', 'fault:b'])
    expect(run.output()).toContain('2026-11-26T07:02:00.000Z')
    run.process.kill('SIGTERM')
    expect(await run.status()).toBe(0)
  })

  it('says in one line what is wrong with what was typed', async () => {
    const file = fileOf(await recorded())
    for (const [args, what] of [
      [['nothing.jsonl'], 'cannot be read'],
      [[fileOf('no record')], 'no record'],
      [[file, '--at', 'tomorrow'], 'A time is like'],
      [[file, '--port', '99999'], 'Usage'],
      [[file, '--json'], 'Usage'],
      [[fileOf('{"type":"begin","version":2,"at":1,"lost":0}')], 'newer'],
    ] as const) {
      const run = runProgram(...args)
      expect(await run.status()).toBe(2)
      expect(run.errors()).toContain(what)
      expect(run.errors().trim().split('\n')).toHaveLength(1)
    }
  })
})

describe('a record that is moved through time', () => {
  it('goes on at once, and back under the same address', async () => {
    let port = 0
    const player = new RecordPlayer(await recorded(), async (hub) => {
      const inspector = await serveInspector(hub, { port, token: TOKEN })
      port = Number(new URL(inspector.url).port)
      return inspector
    })
    onTestFinished(() => player.close())
    const entriesAt = async (place: number) => {
      await player.goTo(place)
      return player.size
    }
    expect(await entriesAt(player.placeAt(START + 60_000))).toBe(1)
    const { url } = player
    expect(await entriesAt(4)).toBe(3)
    expect(await entriesAt(2)).toBe(1)
    expect(player.url).toBe(url)
    expect(await entriesAt(999)).toBe(0)
    expect(player.place).toBe(player.length)
    expect(await entriesAt(-1)).toBe(0)
    // Moves do not overtake each other.
    const moves = [5, 0, 3].map((place) => player.goTo(place))
    await Promise.all(moves)
    expect([player.place, player.size]).toEqual([3, 2])
    const stream = await openStream(player.url)
    await stream.heard(2)
    expect([...stream.entries.keys()]).toEqual(['fault:a', 'fault:b'])
    expect(sliderOf(player, 80)).toMatch(
      /^\[=+\|-+\] 2026-11-26T07:02:00.000Z {2}3 of 13 {2}entries: 2$/,
    )
    expect(sliderOf(player, 80).length).toBeLessThanOrEqual(80)
  })
})
