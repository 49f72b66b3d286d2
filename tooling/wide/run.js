import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readOurs } from '@conn-hub/nodes/src/ours.js'
import { newTally, runCases } from './src/cases.js'
import { packAll } from './src/pack.js'
import { startRegistry } from './src/registry.js'
import { bundles } from './src/suites/bundles.js'
import { jest } from './src/suites/jest.js'
import { override } from './src/suites/override.js'
import { samples } from './src/suites/samples.js'
import { types } from './src/suites/types.js'

// Usage: node tooling/wide/run.js [--newest] [--keep] [suites…]. Needs a build.
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { newest: { type: 'boolean' }, keep: { type: 'boolean' } },
})

/** Each sets itself up, and gives its cases. @type {Record<string, import('./src/suite.js').Suite>} */
const suites = { samples, bundles, override, jest, types }

const asked = positionals.length > 0 ? positionals : Object.keys(suites)
for (const name of asked) {
  if (!(name in suites)) throw new Error(`No suite "${name}": ${Object.keys(suites).join(', ')}`)
}

if (process.platform === 'win32') {
  throw new Error('It starts npm and tar as Linux and macOS do. On Windows take WSL.')
}

const start = performance.now()
/** @param {string} line */
const say = (line) => console.log(`${((performance.now() - start) / 1_000).toFixed(0)} s: ${line}`)

const folder = await mkdtemp(join(tmpdir(), 'conn-hub-wide-'))
const tally = newTally()
say('packing what would be published')
const packed = await packAll(join(folder, 'packed'))
const registry = await startRegistry(packed)
const all = await readOurs()
const ours = all.filter(({ isEmpty }) => !isEmpty)
for (const { name } of all.filter(({ isEmpty }) => isEmpty)) say(`${name} is empty yet: left out`)
const workshop = { folder, registry: registry.url, newest: values.newest ?? false, ours }

try {
  // npm waits for the network, and cases for the processor: the next suite is set up while one is tried.
  const setUp = (/** @type {string | undefined} */ name) => {
    if (name === undefined) return
    say(`installing for ${name}`)
    const ready = suites[name]?.(workshop)
    ready?.catch(() => {})
    return ready
  }
  let next = setUp(asked[0])
  for (const [i, name] of asked.entries()) {
    const current = next
    const cases = await current?.catch((error) => [failure(name, error)])
    next = setUp(asked[i + 1])
    say(name)
    await runCases(cases ?? [], tally)
  }
} finally {
  registry.close()
  if (values.keep) say(`everything is in ${folder}`)
  else await rm(folder, { recursive: true, force: true })
}

say('done')
for (const fault of tally.faults) console.log(`known fault, counted in neither: ${fault}`)
// Once more, together: they stand among hundreds of lines above.
for (const failure of tally.failures) console.log(`failed: ${failure}`)
const { passed, failed, skipped } = tally
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
if (failed > 0 || passed === 0) process.exitCode = 1

/**
 * @param {string} name
 * @param {Error} error
 * @returns {import('./src/cases.js').Case}
 */
function failure(name, error) {
  return { name: `${name} can be set up`, run: () => Promise.reject(error) }
}
