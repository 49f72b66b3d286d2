import { describe, expect, it } from 'vitest'
import { explore, replay, type Scenario, simulate } from '../src/index.js'
import { turmoil } from './turmoil.js'

/** Fails at the third event of a peer, at the earliest 3 s after the beginning. */
const fails: Scenario = (world) => {
  let ticks = 0
  const [anna, ben] = [world.peer('anna'), world.peer('ben')]
  world.every(1_000, () => {
    ticks++
    anna.hub.connect(ben.address).catch(() => {})
    if (world.seed >= 3) world.note(`tick ${ticks}`)
  })
  if (world.seed >= 3) world.eventually(() => ticks < 3 && world.now > 50_000, 60_000, 'calm')
}

const printed = () => {
  const lines: string[] = []
  return { lines, print: (line: string) => void lines.push(line) }
}

describe('one seed', () => {
  it('gives the same hash each time, and another one than another seed', async () => {
    const run = (seed: number) => simulate({ seed, duration: 600_000 }, turmoil)
    const [first, again, other] = [await run(5), await run(5), await run(6)]
    expect(first.happenings).toBeGreaterThan(500)
    expect(again).toEqual(first)
    expect(other.hash).not.toBe(first.hash)
  })

  it('is played again by replay(), line by line', async () => {
    const { lines, print } = printed()
    const report = await replay({ seed: 5, duration: 60_000, print }, turmoil)
    expect(report).toEqual(await simulate({ seed: 5, duration: 60_000 }, turmoil))
    expect(lines).toHaveLength(report.happenings)
    expect(lines[0]).toBe('     0.000 s  p0             start')
  })
})

describe('many seeds', () => {
  it('end with one hash, the same each time', async () => {
    const { lines, print } = printed()
    const options = { seeds: 20, duration: 60_000, print }
    const first = await explore(options, turmoil)
    expect(first).toMatchObject({ seeds: 20 })
    expect(await explore(options, turmoil)).toEqual(first)
    expect((await explore({ ...options, from: 1 }, turmoil)).hash).not.toBe(first.hash)
    expect(lines.filter((line) => !line.includes('of 20 seeds'))).toEqual([])
  })

  it('end at the first that fails, with its timeline and the shortest beginning that fails', async () => {
    const { lines, print } = printed()
    const run = explore({ seeds: 10, duration: 100_000, print }, fails)
    const error = await run.catch((error) => error)
    expect(error).toMatchObject({ code: 'NOT_EVENTUALLY', report: { seed: 3 } })
    const [message, until] = lines
    expect(message).toBe('Seed 3, after 60.000 s: it did not come true within 60000 ms: calm')
    expect(until).toContain('does nothing any more after 3001 ms')
    expect(lines.join('\n')).toContain('3.000 s                 tick 3')
    expect(lines.join('\n')).not.toContain('tick 4')
    expect(lines.at(-1)).toBe('replay({ seed: 3, … }) plays it again.')
  })

  it.each([
    [{ seeds: 0, duration: 1 }, 'seeds'],
    [{ seeds: 1, from: -1, duration: 1 }, 'from'],
    [{ seeds: 2, from: 2 ** 31 - 1, duration: 1 }, 'from'],
    [{ seeds: 1, duration: 1, print: 1 as never }, 'print'],
    [{ seeds: 1, duration: 0 }, 'duration'],
    [{ seeds: 1, duration: 1, jobs: 0, module: import.meta.url }, 'jobs'],
    [{ seeds: 1, duration: 1, jobs: 2 }, 'module'],
  ])('are refused by name where the options are bad: %j', async (options, name) => {
    await expect(explore(options, fails)).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringContaining(`"${name}"`),
    })
  })
})
