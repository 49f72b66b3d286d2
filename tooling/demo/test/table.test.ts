import { PassThrough } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { createHub } from '@conn-hub/core'
import { createFaultTransport, until } from '@conn-hub/testkit'
import { describe, expect, it } from 'vitest'
import { createDisplay } from '../src/display.js'
import { Rows } from '../src/rows.js'
import { drawTable } from '../src/table.js'

const setup = () => {
  const transport = createFaultTransport()
  const hub = createHub({ transport })
  return { transport, hub, rows: new Rows(hub) }
}

const upwards = new RegExp(`${'\u001b'}\\[\\d*A`)

const lines = (text: string): string[] =>
  stripVTControlCharacters(text)
    .split('\n')
    .map((line) => line.trimEnd())

describe('the table', () => {
  it('shows address, state, direction, kind, age and last event', async () => {
    const { transport, hub, rows } = setup()
    hub.connect('fault:a').catch(() => {})
    transport.inbound('fault:b')
    const now = Date.now() + 5_000
    const [head, ...body] = lines(drawTable(rows.now(), now, 100))
    expect(head?.split(/\s{2,}/)).toEqual([
      'address',
      'state',
      'direction',
      'kind',
      'since',
      'last event',
    ])
    expect(body.map((line) => line.split(/\s{2,}/))).toEqual([
      ['fault:a', 'connecting', 'fault', '5 s', 'connecting'],
      ['fault:b', 'connected', 'inbound', 'fault', '5 s', 'connected, inbound'],
    ])
  })

  it('fits into the terminal, and shows no control character of others', () => {
    const { transport, hub, rows } = setup()
    const evil = `fault:\u001b[2J\u009b31m${'x'.repeat(300)}`
    hub.connect(evil).catch(() => {})
    transport.lastDial.fail(new Error(`\u001b]0;title\u0007${'y'.repeat(300)}`))
    for (const columns of [80, 120]) {
      const text = drawTable(rows.now(), Date.now(), columns)
      for (const line of lines(text)) expect(line.length).toBeLessThanOrEqual(Math.max(columns, 85))
      expect(text).not.toContain('\u001b[2J')
      expect(text).not.toContain('\u009b')
      expect(text).not.toContain('\u0007')
    }
  })

  it('shows for a while who has gone, the newest five', () => {
    const { transport, hub, rows } = setup()
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => `fault:${name}`)
    for (const name of names) transport.inbound(name).end()
    expect(hub.size).toBe(0)
    expect(rows.now().map(({ address }) => address)).toEqual(names.slice(-5))
    expect(rows.now(Date.now() + 5_001)).toEqual([])
  })

  it('is drawn again in place on a terminal', async () => {
    const { transport, hub } = setup()
    const terminal = Object.assign(new PassThrough(), { isTTY: true, columns: 100, rows: 30 })
    let written = ''
    terminal.on('data', (data) => {
      written += data
    })
    const display = createDisplay(hub, ['the title', 'http://the.inspector/'], terminal as never)
    transport.inbound('fault:a')
    display.news('bob comes')
    await until(() => written.includes('bob comes'), 'the table has been drawn again')
    display.end()
    const second = written.slice(written.indexOf('Ctrl-C ends it.'))
    // It goes up to what it drew before.
    expect(second).toMatch(upwards)
    expect(second).toContain('fault:a')
    expect(
      lines(second).slice(lines(second).findIndex((line) => line.endsWith('the title')))[1],
    ).toBe('http://the.inspector/')
  })
})
