import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ask, setup } from './support.js'

const CHANGES_A_SECOND = 500
const SECONDS = 4

/** Reads so many streams in a process of its own, and does nothing with them. */
const startReaders = async (url: string, count: number) => {
  const code = `const { get } = require('node:http')
    let open = 0
    for (let i = 0; i < ${count}; i++) get('${url}stream', { agent: false }, (response) => {
      response.resume()
      if (++open === ${count}) console.log('open')
    })`
  const child = spawn(process.execPath, ['-e', code])
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  return async () => {
    child.kill('SIGKILL')
    await once(child, 'close')
  }
}

/** The work of this process while so much happens, as a part of a core. */
const costOf = async (change: (turn: number) => void): Promise<number> => {
  const begin = performance.now()
  const before = process.cpuUsage()
  let turn = 0
  while (performance.now() - begin < SECONDS * 1_000) {
    const due = ((performance.now() - begin) / 1_000) * CHANGES_A_SECOND
    while (turn < due) change(turn++)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000 / (performance.now() - begin)
}

const FIGURES = process.env.FIGURES !== undefined
if (!FIGURES)
  console.warn('Left out, they need 20 s and a quiet machine: the figures. FIGURES=1 runs them.')

describe.runIf(FIGURES)('the cost of pages, at 500 changes a second of 5,000 entries', () => {
  it('is at most 1 % of a core for one, and 4 times that for 32', async () => {
    const { hub, open, inspector } = await setup()
    for (let i = 0; i < 5_000; i++) open(`peer-${i}`)
    const change = (turn: number) => void hub.update(`fault:peer-${(turn * 7) % 5_000}`, { turn })
    const alone: number[] = []
    const one: number[] = []
    const many: number[] = []
    for (let round = 0; round < 2; round++) {
      alone.push(await costOf(change))
      for (const [count, costs] of [
        [1, one],
        [32, many],
      ] as const) {
        const stop = await startReaders(inspector.url, count)
        await costOf(change)
        costs.push(await costOf(change))
        await stop()
        while (JSON.parse((await ask(`${inspector.url}summary`)).body).taken > 0);
      }
    }
    const least = (costs: number[]) => Math.min(...costs)
    const figures = {
      'nobody looks, % of a core': 100 * least(alone),
      'one page more': 100 * (least(one) - least(alone)),
      '32 pages more': 100 * (least(many) - least(alone)),
    }
    console.log(figures)
    expect(figures['one page more']).toBeLessThan(1)
    expect(figures['32 pages more']).toBeLessThan(4 * Math.max(0.5, figures['one page more']))
  }, 120_000)
})
