import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ask, setup } from './support.js'

const CHANGES_A_SECOND = 500
const SECONDS = 3
/** The least of so many counts: what disturbs only adds. */
const ROUNDS = 5

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
const costOf = async (change: (turn: number) => void, seconds = SECONDS): Promise<number> => {
  const begin = performance.now()
  const before = process.cpuUsage()
  let turn = 0
  while (performance.now() - begin < seconds * 1_000) {
    const due = ((performance.now() - begin) / 1_000) * CHANGES_A_SECOND
    while (turn < due) change(turn++)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000 / (performance.now() - begin)
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
    'Left out, they need 2 minutes and a quiet machine: the figures. FIGURES=1 runs them.',
  )

// Taken off is what the hub and the journal cost where nobody looks: it is the first page that is measured, and the first 32.
describe.runIf(FIGURES)('the cost of pages, at 500 changes a second of 5,000 entries', () => {
  for (const [kind, begin] of Object.entries(KINDS))
    it(`of ${kind} is at most 1 % of a core for the first, and 4 times that for 32`, async () => {
      const scene = await setup()
      const { url } = scene.inspector
      const change = begin(scene)
      let turn = 0
      const next = () => change(turn++)
      const costs = new Map<number, number[]>([0, 1, 32].map((count) => [count, []]))
      for (let round = 0; round < ROUNDS; round++) {
        for (const [count, all] of costs) {
          const stop = count === 0 ? () => {} : await startReaders(url, count)
          await costOf(next, 1)
          all.push(await costOf(next))
          await stop()
          while (JSON.parse((await ask(`${url}summary`)).body).taken > 0);
        }
      }
      const [nobody = 0, one = 0, many = 0] = [...costs.values()].map(
        (all) => 100 * Math.min(...all),
      )
      const figures = {
        'nobody looks, % of a core': nobody,
        'the first page': one - nobody,
        '32 pages': many - nobody,
      }
      console.log(kind, figures)
      expect(figures['the first page']).toBeLessThan(1)
      expect(figures['32 pages']).toBeLessThan(4 * Math.max(0.5, figures['the first page']))
    }, 240_000)
})
