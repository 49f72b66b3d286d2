import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from './process.js'

/**
 * @typedef {object} Result
 * @property {boolean} ok
 * @property {string} summary In one line.
 * @property {string} output For whoever looks for the reason.
 */

/** @typedef {{ numTotalTests: number, numPassedTests: number }} Report */

const vitest = createRequire(import.meta.url).resolve('vitest/vitest.mjs')
const config = fileURLToPath(new URL('../vitest.config.js', import.meta.url))

/**
 * Runs all tests of core on a Node.
 *
 * @param {string} node The path of the program.
 * @returns {Promise<Result>}
 */
export const runSuite = async (node) => {
  const folder = await mkdtemp(join(tmpdir(), 'conn-hub-nodes-'))
  const file = join(folder, 'report.json')
  const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${file}`]
  try {
    const { ok, output } = await run(node, [vitest, 'run', '--config', config, ...reporters])
    // Where vitest itself fails, there is no report.
    const report = await readFile(file, 'utf8').catch(() => undefined)
    return { ...judge(ok, report && JSON.parse(report)), output }
  } finally {
    await rm(folder, { recursive: true })
  }
}

/**
 * A run of no test, or of some, proves nothing.
 *
 * @param {boolean} ended Whether the process said that all is well.
 * @param {Report | undefined} report
 */
export const judge = (ended, report) => {
  const { numTotalTests: all, numPassedTests: passed } = report ?? {
    numTotalTests: 0,
    numPassedTests: 0,
  }
  const ok = ended && all > 0 && passed === all
  return { ok, summary: ok ? `${all} tests passed` : `FAILED, ${passed} of ${all} tests passed` }
}
