import { readFileSync } from 'node:fs'
import { createMemoryNetwork } from '@conn-hub/conformance'
import { createHub } from '@conn-hub/core'
import { blocksOf, moduleOf, printedBy } from '@conn-hub/testkit'
import { describe, expect, it, vi } from 'vitest'
import * as keeper from '../src/index.js'
import { KEEPER_OPTIONS, readKeeperOptions } from '../src/keep/options.js'
import * as liveness from '../src/liveness/index.js'
import { LIVENESS_OPTIONS, readLivenessOptions } from '../src/liveness/options.js'

const page = new URL('../README.md', import.meta.url)
const folder = new URL('.', import.meta.url)
const readme = readFileSync(page, 'utf8')

/** The rows of each table whose first column has this heading. */
const tablesOf = (heading: string): string[][] =>
  readme
    .split(`\n| ${heading} |`)
    .slice(1)
    .flatMap((rest) => {
      const lines = rest.split('\n').slice(2)
      const end = lines.findIndex((line) => !line.startsWith('|'))
      return lines.slice(0, end).map((line) =>
        line
          .slice(1, -1)
          .split(' | ')
          .map((cell) => cell.trim().replaceAll('`', '')),
      )
    })

describe('the first sample', () => {
  it('prints what the page says', async () => {
    const [example = ''] = blocksOf(page, 'js')
    expect(await printedBy(example, folder)).toBe(blocksOf(page, 'text')[0])
  })
})

describe('the other samples', () => {
  const others = blocksOf(page, 'js').slice(1)

  it('are found', () => expect(others).toHaveLength(5))

  it.each(others)('run: %s', async (sample) => {
    const print = vi.spyOn(console, 'log').mockImplementation(() => {})
    const network = createMemoryNetwork()
    const [pub, anna] = ['pub', 'anna'].map((name) =>
      createHub({ transport: network.endpoint(name) }),
    )
    const hub = createHub({ transport: network.endpoint('me') })
    const imports = `
      ${sample.includes('import { createKeeper') ? '' : "import { createKeeper } from '@conn-hub/keeper'"}
      ${sample.includes('/liveness') ? '' : "import { watchLiveness } from '@conn-hub/keeper/liveness'"}
      const { hub } = globalThis.sample
    `
    Object.assign(globalThis, { sample: { hub } })
    await moduleOf(`${imports}\n${sample}`, folder)
    const wanted = /keep\(/.test(sample)
    if (wanted) await vi.waitFor(() => expect(hub.size).toBeGreaterThan(0))
    await Promise.all([hub, pub, anna].map((each) => each?.close()))
    Reflect.deleteProperty(globalThis, 'sample')
    print.mockRestore()
  })
})

describe('the tables', () => {
  it('name what the package exports', () => {
    const names = (heading: string) =>
      tablesOf(heading)
        .map(([first = '']) => /^\w+/.exec(first)?.[0])
        .sort()
    expect(names('export')).toEqual(Object.keys(keeper).sort())
    expect(names('export of `@conn-hub/keeper/liveness`')).toEqual(Object.keys(liveness).sort())
  })

  it('name the options, with their defaults', () => {
    const rows = tablesOf('option')
    const names = rows.flatMap(([name = '']) => name.split(', '))
    expect(names.sort()).toEqual(
      [...KEEPER_OPTIONS, ...LIVENESS_OPTIONS.slice(0, 4), ...LIVENESS_OPTIONS.slice(4)].sort(),
    )
    const defaults: Record<string, unknown> = {
      ...readKeeperOptions({}),
      ...readLivenessOptions({}),
    }
    const numbers = rows.flatMap(([name = '', value = '']) => {
      const digits = /^([\d ]+)( ms)?$/.exec(value)?.[1]
      return digits ? [[name, Number(digits.replaceAll(' ', ''))] as const] : []
    })
    expect(numbers.length).toBe(4)
    for (const [name, value] of numbers) expect([name, defaults[name]]).toEqual([name, value])
    expect(defaults.backoff).toEqual({ base: 5_000, max: 30_000 })
    expect([defaults.keepAlive, defaults.onSilent]).toEqual([false, 'report'])
  })
})
