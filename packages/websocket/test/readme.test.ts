import { readFileSync } from 'node:fs'
import { blocksOf, findPort, printedBy, tableOf } from '@conn-hub/testkit'
import { describe, expect, it } from 'vitest'
import * as browser from '../src/browser.js'
import { codeOf as closeCodeOf, endedBy } from '../src/codes.js'
import * as websocket from '../src/index.js'
import { serverRules } from '../src/node/server.js'
import { readSettings } from '../src/settings.js'

const page = new URL('../README.md', import.meta.url)
const readme = readFileSync(page, 'utf8')

/** The rows of a table, without the marks of code. */
const rowsOf = (heading: string): string[][] =>
  tableOf(readme, heading).map((cells) => cells.map((cell) => cell.replaceAll('`', '')))

it('the first example prints what the page says', async () => {
  const [example = ''] = blocksOf(page, 'js')
  const program = example.replaceAll('8080', String(await findPort()))
  expect(await printedBy(program, new URL('.', import.meta.url))).toBe(blocksOf(page, 'text')[0])
})

describe('the tables', () => {
  it('name what the package exports, in both entries', () => {
    const names = rowsOf('export').map(([first = '']) => /^\w+/.exec(first)?.[0])
    expect(names.sort()).toEqual(Object.keys(websocket).sort())
    expect(Object.keys(browser).sort()).toEqual(Object.keys(websocket).sort())
  })

  it('name the options, with their defaults', () => {
    const rows = rowsOf('option')
    const defaults = { ...readSettings({}, serverRules()) } as Record<string, unknown>
    expect(rows.map(([name]) => name).sort()).toEqual(Object.keys(defaults).sort())
    for (const [name = '', value = ''] of rows) {
      const digits = /^([\d ]+)(?: ms| bytes)$/.exec(value)?.[1]
      if (digits) expect(defaults[name]).toBe(Number(digits.replaceAll(' ', '')))
    }
    expect(Object.values(defaults.probeTexts as object).join(', ')).toBe(
      'conn-hub ping, conn-hub pong',
    )
  })

  it('say how a link ends, both ways', () => {
    const rows = rowsOf('code')
    expect(rows).toHaveLength(14)
    for (const [code = '', reason = '', error = ''] of rows) {
      const number = Number(code.replace('xxx', '123'))
      const ended = endedBy(number, 'words')
      expect(ended.reason ?? 'session-closed').toBe(reason.replace('xxx', '123'))
      expect(ended.error?.code).toBe(error || 'LINK_CLOSED')
      if (code !== '1006') expect(closeCodeOf(ended.reason ?? '')).toBe(number)
    }
  })
})
