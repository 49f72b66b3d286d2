import { describe, expect, it } from 'vitest'
import { newTally, runCases } from '../src/cases.js'
import { unpin } from '../src/consumer.js'
import { tryAgain } from '../src/try-again.js'

const passes = async () => {}
const fails = async () => {
  throw new Error('it is broken')
}

const tallyOf = async (
  ...cases: Parameters<typeof runCases>[0] extends Iterable<infer C> ? C[] : never
) => {
  const tally = newTally()
  const lines: string[] = []
  await runCases(cases, tally, { print: (line) => lines.push(line) })
  return { ...tally, text: lines.join('\n') }
}

describe('a run', () => {
  it('counts what passed, what failed, and what was left out with its reason', async () => {
    const { passed, failed, skipped, failures, text } = await tallyOf(
      { name: 'one', run: passes },
      { name: 'two', run: fails },
      { name: 'three', run: fails, skip: 'there is no browser' },
    )
    expect([passed, failed, skipped]).toEqual([1, 1, 1])
    expect(failures).toEqual([expect.stringMatching(/^two\n +it is broken$/)])
    expect(text).toMatch(/FAILED +two .*\n +it is broken/)
    expect(text).toMatch(/left out +three: there is no browser/)
  })

  it('counts a known fault neither as passed nor as failed, and names it', async () => {
    const fault = { why: 'it is not mended yet', shows: /is broken/ }
    const { passed, failed, faults } = await tallyOf({ name: 'one', run: fails, fault })
    expect([passed, failed, faults]).toEqual([0, 0, ['one: it is not mended yet']])
  })

  it('fails where a known fault hides another one', async () => {
    const fault = { why: 'it is not mended yet', shows: /something else/ }
    const { failed, faults } = await tallyOf({ name: 'one', run: fails, fault })
    expect([failed, faults]).toEqual([1, []])
  })

  it('fails where a known fault is mended, so that the mark is taken away', async () => {
    const { failed, text } = await tallyOf({
      name: 'one',
      run: passes,
      fault: { why: 'was broken', shows: /./ },
    })
    expect(failed).toBe(1)
    expect(text).toMatch(/take the mark away/)
  })
})

it('takes the newest of all packages but of those that name an old version on purpose', () => {
  const dependencies = { vite: '8.3.8', 'typescript-5.2': 'npm:typescript@5.2.2' }
  expect(unpin({ dependencies })).toEqual({
    dependencies: { vite: 'latest', 'typescript-5.2': 'npm:typescript@5.2.2' },
  })
})

describe('npm, where the registry', () => {
  const answersAfter = async (failures: string[], pauses = [1, 1]) => {
    let attempts = 0
    const attempt = async () => {
      const output = failures[attempts++]
      return { ok: output === undefined, output: output ?? '' }
    }
    const { ok } = await tryAgain(attempt, { pauses, print: () => {} })
    return { ok, attempts }
  }

  it.each(['E503', 'E429', 'ECONNRESET', 'ETIMEDOUT', 'EAI_AGAIN', 'ENOTFOUND'])(
    'does not answer, with %s, is tried again',
    async (code) => {
      expect(await answersAfter([`npm error code ${code}`])).toEqual({ ok: true, attempts: 2 })
    },
  )

  it('never answers, gives up after some tries', async () => {
    const never = Array.from({ length: 9 }, () => 'npm error code E503')
    expect(await answersAfter(never)).toEqual({ ok: false, attempts: 3 })
  })

  it('answers that it cannot be done, is not asked again', async () => {
    for (const code of ['ERESOLVE', 'ETARGET', 'E404', 'EOVERRIDE']) {
      expect(await answersAfter([`npm error code ${code}`])).toEqual({ ok: false, attempts: 1 })
    }
  })
})
