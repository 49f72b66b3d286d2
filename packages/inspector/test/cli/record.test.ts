import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHub } from '@conn-hub/core'
import { blocksOf, createFaultTransport, until } from '@conn-hub/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { sliderOf } from '../../src/cli/record-file.js'
import { record } from '../../src/record/index.js'
import { Player } from '../../src/recording/player.js'
import { serveRecording } from '../../src/serve.js'
import { type Answer, ask, openStream, setup, TOKEN } from '../support.js'
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

/** `size`: with a hole up to there, which takes no place. */
const fileOf = (text: string, size?: number): string => {
  const folder = mkdtempSync(join(tmpdir(), 'conn-hub-record-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'hub.jsonl')
  writeFileSync(file, text)
  if (size !== undefined) truncateSync(file, size)
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

  it('does what the README says, and the page moves it on', async () => {
    const block = blocksOf(new URL('../../record/README.md', import.meta.url), 'sh')
      .filter((text) => text.includes('--at'))
      .join('\n')
    const [, typed = ''] = /conn-hub-inspector (hub\.jsonl .*)/.exec(block) ?? []
    const [, ...options] = typed.split(' ')
    expect(options).toEqual(['--at', '+15m'])
    const run = runProgram(fileOf(await recorded()), ...options)
    await run.seen('13 of 13')
    const url = /Open (\S+)/.exec(run.output())?.[1] ?? ''
    const stream = await openStream(url)
    expect((await seek(url, 4)).status).toBe(200)
    await until(() => stream.entries.size === 3, 'three are there')
    expect(stream.of('hello').at(-1)).toMatchObject({
      name: 'hub.jsonl',
      moment: { place: 4, length: 13, at: START + 3 * 60_000 },
    })
  })

  it('shows what is left of a record that is damaged, or of any time', async () => {
    const text = await recorded()
    const [begin = '', come = ''] = text.split('\n')
    const damaged = [
      `\ufeff${text.replaceAll('\n', '\r\n')}`,
      text.slice(0, -20),
      `${begin.slice(30)}\n${text}`,
      `${'x'.repeat(1_000_000)}\n${text}`,
      text.replace(/"at":\d+/g, '"at":-8640000000000000'),
      text.replace(/"at":\d+/g, '"at":8640000000000000'),
      text.replace(/"(at|since|createdAt|updatedAt)":(\d+)/g, '"$1":-$2'),
      text.replace(/"seq":\d+/g, '"seq":1000000000000'),
      `${text}\n${text}\n${text}`,
      [...text.split('\n')].reverse().join('\n'),
      `${come}\n`.repeat(50),
    ]
    for (const record of damaged) {
      const { player, url } = await serve(record)
      const { length } = player.moment
      for (const place of [length, 1, Math.ceil(length / 2), length]) await player.goTo(place)
      const stream = await openStream(url)
      await stream.saw('samples')
      expect([...stream.entries.keys()].sort()).toEqual(
        player.hub
          .snapshot()
          .map(({ address }) => address)
          .sort(),
      )
      expect(stream.events.length).toBeLessThanOrEqual(length)
      expect(sliderOf(player, 80)).toMatch(/entries: \d+$/)
      stream.close()
    }
  })

  it('says in one line what is wrong with what was typed', async () => {
    const file = fileOf(await recorded())
    for (const [args, what] of [
      [['nothing.jsonl'], 'cannot be read'],
      [[fileOf('no record')], 'no record'],
      [[fileOf('', 1_000_000_000)], '1000 MB'],
      [[tmpdir()], 'cannot be read'],
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

/** The player of a record and the page of it; both end with the test. */
const serve = async (text: string) => {
  const player = new Player(text)
  onTestFinished(() => player.close())
  const inspector = await serveRecording(player, { token: TOKEN })
  onTestFinished(() => inspector.close())
  return { player, url: inspector.url }
}

const seek = (url: string, place: unknown, headers: Record<string, string> = {}) =>
  ask(`${url}seek`, {
    method: 'POST',
    headers: { origin: new URL(url).origin, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ place }),
  })

describe('a record that is moved through time', () => {
  it('goes on and back while it is looked at, in one stream', async () => {
    const { player, url } = await serve(await recorded())
    const stream = await openStream(url)
    const entriesAt = async (place: number) => {
      await player.goTo(place)
      expect(player.moment.place).toBe(Math.min(13, Math.max(0, place)))
      await until(() => stream.place === `${player.journal.id}.${player.journal.seq}`, 'it is told')
      expect([...stream.entries.keys()]).toEqual(
        player.hub.snapshot().map(({ address }) => address),
      )
      return stream.entries.size
    }
    expect(await entriesAt(player.placeAt(START + 60_000))).toBe(1)
    expect(await entriesAt(4)).toBe(3)
    const { journal } = player
    expect(await entriesAt(2)).toBe(1)
    expect(player.journal).not.toBe(journal)
    // Nothing listens to what is not shown any more.
    expect(() => journal.kept).toThrow()
    expect(await entriesAt(999)).toBe(0)
    expect(await entriesAt(-1)).toBe(0)
    expect(stream.ended).toBe(false)
    expect(stream.of('hello').map(({ moment }) => moment?.place)).toEqual([0, 2, 0])
    // Of moves that come while it moves, the last one counts.
    await Promise.all([5, 0, 3].map((place) => player.goTo(place)))
    expect([player.moment.place, player.hub.size]).toEqual([3, 2])
    expect(player.moment).toEqual({
      ...{ place: 3, length: 13, at: START + 120_000 },
      ...{ from: START, to: START + 12 * 60_000 },
    })
    expect(sliderOf(player, 80)).toMatch(
      /^\[=+\|-+\] 2026-11-26T07:02:00.000Z {2}3 of 13 {2}entries: 2$/,
    )
    expect(sliderOf(player, 80).length).toBeLessThanOrEqual(80)
  })

  it('tells times and counts by the clock of the record', async () => {
    const { player, url } = await serve(await recorded())
    await player.goTo(5)
    const stream = await openStream(url)
    await stream.saw('samples')
    const [{ samples } = { samples: [] }] = stream.of('samples')
    const minute = (n: number) => START + n * 60_000
    expect(samples).toEqual([0, 1, 2, 3, 4].map((n) => [minute(n), n, 0, 0]))
    const [hello] = stream.of('hello')
    expect([hello?.host, hello?.startedAt, hello?.moment?.at]).toEqual([
      ...[undefined, undefined, minute(4)],
    ])
  })

  it('is told to a page that joins later, and to one that asks for a place of another telling', async () => {
    const { player, url } = await serve(await recorded())
    await player.goTo(5)
    const first = await openStream(url)
    await first.heard(4)
    await player.goTo(2)
    const second = await openStream(url, { after: first.place ?? '' })
    await second.heard(1)
    expect([...second.entries.keys()]).toEqual(['fault:a'])
  })

  it('is moved by its own page alone, to a place alone', async () => {
    const { player, url } = await serve(await recorded())
    expect((await seek(url, 3)).status).toBe(200)
    expect(player.moment.place).toBe(3)
    const wrong = [
      [await seek(url, 4, { origin: 'https://evil.example' }), 403],
      [await seek(url, 4, { origin: 'null' }), 403],
      [await seek(url, 4, { host: 'evil.example' }), 403],
      [await seek(url, 4, { 'content-type': 'text/plain' }), 415],
      [await seek(url.replace(TOKEN, 'x'.repeat(40)), 4), 404],
      [await ask(`${url}seek`, { method: 'POST' }), 403],
      [await ask(`${url}seek`), 405],
      [await seek(url, 'x'.repeat(9_000)), 413],
      ...(await Promise.all(
        ['4', null, 1.5, 1e300, {}, undefined].map(async (place) => [await seek(url, place), 400]),
      )),
    ] as const
    for (const [answer, status] of wrong) expect((answer as Answer).status).toBe(status)
    expect(player.moment.place).toBe(3)
    // A number that is none of the record leads to its ends.
    await seek(url, -7)
    expect(player.moment.place).toBe(0)
    await seek(url, Number.MAX_SAFE_INTEGER)
    expect(player.moment.place).toBe(13)
    const { inspector } = await setup({ allowControl: true })
    expect((await seek(inspector.url, 1)).status).toBe(404)
  })

  it('costs a reader that does not read no more than one telling', async () => {
    const { player, url } = await serve(await recorded())
    const stream = await openStream(url)
    stream.response.pause()
    for (let i = 0; i < 300; i++) await player.goTo(i % 14)
    stream.response.resume()
    await player.goTo(4)
    await until(() => stream.place === `${player.journal.id}.3`, 'the last one is told')
    expect(stream.of('hello').length).toBeLessThan(100)
  })

  it('goes from one run to the next, and does not end in between', async () => {
    const text = await recorded()
    const later = text.replace(/"at":(\d+)/g, (_, at) => `"at":${Number(at) + 3_600_000}`)
    const { player, url } = await serve(`${text}\n${later}`)
    const { length } = player.moment
    expect(length).toBe(27)
    await player.goTo(20)
    const stream = await openStream(url)
    await stream.saw('hello')
    await until(() => stream.seq === player.journal.seq, 'all is told')
    expect(stream.events.map(({ seq }) => seq)).toEqual(stream.events.map((_, i) => i + 1))
    await player.goTo(length)
    expect(stream.names).not.toContain('closed')
  })
})
