import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ask, setup } from './support.js'

const CHANGES_A_SECOND = 500
/** Of one window, in s: five messages of a busy hub. */
const WINDOW = 2
/** In % of a core: what one page may cost, and what 32 may. */
const ONE = 1
const MANY = 2
/** So many windows with pages and without them, by turns. */
const PAIRS = 12

/** A process of its own that opens as many streams as it is told to, reads them, and does nothing with them. */
const startReaders = (url: string) => {
  const code = `const { get } = require('node:http')
    let open = []
    process.stdin.on('data', (data) => {
      for (const one of open) one.destroy()
      open = []
      const count = Number(data)
      let began = 0
      for (let i = 0; i < count; i++) open.push(get('${url}stream', { agent: false }, (response) => {
        response.on('error', () => {}).resume()
        if (++began === count) console.log('open')
      }))
    })`
  const child = spawn(process.execPath, ['-e', code], { stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  return async (count: number) => {
    child.stdin.write(String(count))
    if (count > 0) await once(child.stdout, 'data')
    while (JSON.parse((await ask(`${url}summary`)).body).taken !== count);
  }
}

/** The work of this process while so much happens, in % of a core. */
const costOf = async (change: () => void, seconds: number): Promise<number> => {
  const begin = performance.now()
  const before = process.cpuUsage()
  let made = 0
  while (performance.now() - begin < seconds * 1_000) {
    const due = ((performance.now() - begin) / 1_000) * CHANGES_A_SECOND
    for (; made < due; made++) change()
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 10 / (performance.now() - begin)
}

interface Figure {
  /** In % of a core. */
  readonly mean: number
  /** Of the mean: how far another measurement of this kind would be from it. */
  readonly error: number
  readonly median: number
}

const summaryOf = (numbers: readonly number[]): Figure => {
  const mean = numbers.reduce((sum, one) => sum + one, 0) / numbers.length
  const square = numbers.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (numbers.length - 1)
  const sorted = [...numbers].sort((a, b) => a - b)
  const half = numbers.length / 2
  const median = ((sorted[Math.floor(half)] ?? 0) + (sorted[Math.ceil(half) - 1] ?? 0)) / 2
  return { mean, error: Math.sqrt(square / numbers.length), median }
}

/** What so many pages add: windows with them and without them by turns, so that what drifts is in both. */
const measure = async (
  pages: number,
  change: () => void,
  open: (count: number) => Promise<void>,
) => {
  const window = async (count: number) => {
    await open(count)
    // What an opened page gets first is no part of it.
    await costOf(change, 1)
    return costOf(change, WINDOW)
  }
  const differences: number[] = []
  for (let pair = 0; pair < PAIRS; pair++) {
    // Now these come first, now those.
    const [first, second] = pair % 2 === 0 ? [0, pages] : [pages, 0]
    const costs = new Map([[first, await window(first)]])
    costs.set(second, await window(second))
    differences.push((costs.get(pages) ?? 0) - (costs.get(0) ?? 0))
  }
  await open(0)
  return summaryOf(differences)
}

type Scene = Awaited<ReturnType<typeof setup>>

/** What changes, by its number. */
const KINDS = {
  'metadata that changes': ({ hub, open }: Scene) => {
    for (let i = 0; i < 5_000; i++) open(`peer-${i}`)
    return (turn: number) => void hub.update(`fault:peer-${(turn * 7) % 5_000}`, { turn })
  },
  'peers that come and go': ({ open }: Scene) => {
    const sessions = Array.from({ length: 5_000 }, (_, i) => open(`peer-${i}`))
    return (turn: number) => {
      const i = ((turn >> 1) * 7) % 5_000
      if (turn % 2 === 0) sessions[i]?.end()
      else sessions[i] = open(`peer-${i}`)
    }
  },
}

const FIGURES = process.env.FIGURES !== undefined
if (!FIGURES)
  console.warn(
    'Left out, they need 5 minutes and a quiet machine: the figures. FIGURES=1 runs them.',
  )

const toText = ({ mean, error, median }: Figure) =>
  `${mean.toFixed(2)} ± ${error.toFixed(2)} % of a core, median ${median.toFixed(2)}`

// What the hub and the journal cost where nobody looks is in both windows.
describe.runIf(FIGURES)('the cost of pages, at 500 changes a second of 5,000 entries', () => {
  for (const [kind, begin] of Object.entries(KINDS)) {
    const prepare = async () => {
      const scene = await setup()
      const change = begin(scene)
      let turn = 0
      const next = () => change(turn++)
      const open = startReaders(scene.inspector.url)
      await costOf(next, 2)
      return (pages: number) => measure(pages, next, open)
    }
    it(`of ${kind} is at most 1 % of a core for the first`, async () => {
      const one = await (await prepare())(1)
      console.log(`${kind}, one page: ${toText(one)}`)
      expect(one.mean - one.error).toBeLessThan(ONE)
    }, 240_000)

    it(`of ${kind} is for 32 at most four times the 0.5 % that one costs`, async () => {
      const many = await (await prepare())(32)
      console.log(`${kind}, 32 pages: ${toText(many)}`)
      expect(many.mean - many.error).toBeLessThan(MANY)
    }, 240_000)
  }
})
