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

/** @typedef {{ status: string, title: string }} Test */
/** @typedef {{ testResults: { assertionResults: Test[] }[] }} Report */

/** Rules of the conformance kit that judge nothing where a transport has not what they are about. */
const NOT_JUDGED = [
  'dial() releases what it holds before the link opens',
  'a hub does not connect to itself',
]

const vitest = createRequire(import.meta.url).resolve('vitest/vitest.mjs')
const config = fileURLToPath(new URL('../vitest.config.js', import.meta.url))

/**
 * Runs all tests of core on a Node, and those of websocket, but for what needs a browser.
 *
 * @param {string} node The path of the program.
 * @returns {Promise<Result>}
 */
export const runSuite = async (node) => {
  const folder = await mkdtemp(join(tmpdir(), 'conn-hub-nodes-'))
  const file = join(folder, 'report.json')
  // A line for each file that has ended, so that the last one says how far a run came.
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  try {
    const args = [vitest, 'run', '--config', config, ...reporters]
    const { ok, output, late } = await run(node, args)
    // Where vitest itself fails, there is no report.
    const report = await readFile(file, 'utf8').catch(() => undefined)
    const { summary, ...judged } = judge(ok, report && JSON.parse(report))
    return { ...judged, summary: withReason(summary, late), output }
  } finally {
    await rm(folder, { recursive: true })
  }
}

/**
 * @param {string} summary
 * @param {string | undefined} late
 */
export const withReason = (summary, late) => (late ? `${summary}: ${late}` : summary)

/**
 * A run of no test, or of some, proves nothing.
 *
 * @param {boolean} ended Whether the process said that all is well.
 * @param {Report | undefined} report
 */
export const judge = (ended, report) => {
  const all = (report?.testResults ?? []).flatMap(({ assertionResults }) => assertionResults)
  const tests = all.filter(
    ({ status, title }) => status !== 'skipped' || !NOT_JUDGED.includes(title),
  )
  const passed = tests.filter(({ status }) => status === 'passed').length
  const ok = ended && passed > 0 && passed === tests.length
  const counts = `${passed} of ${tests.length} tests passed`
  return { ok, summary: ok ? `${passed} tests passed` : `FAILED, ${counts}` }
}
