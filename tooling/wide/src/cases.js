/**
 * @typedef {object} Case
 * @property {string} name A whole sentence of what holds.
 * @property {() => Promise<void>} run Rejects where it does not.
 * @property {Fault} [fault] One that is known and will be mended: the case must fail until then.
 * @property {string} [skip] Why it cannot be tried on this machine.
 */

/** @typedef {{ why: string, shows: RegExp }} Fault How it shows: another error is another fault. */

/** @typedef {{ passed: number, failed: number, skipped: number, faults: string[], failures: string[] }} Tally */

/** @returns {Tally} */
export const newTally = () => ({ passed: 0, failed: 0, skipped: 0, faults: [], failures: [] })

/**
 * Runs cases, so many at once, and prints each as it ends.
 *
 * @param {Iterable<Case>} cases
 * @param {Tally} tally
 * @param {{ lanes?: number, print?: (line: string) => void }} [options]
 */
export const runCases = async (cases, tally, { lanes = 2, print = console.log } = {}) => {
  const queue = [...cases]
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) await runCase(next, tally, print)
  }
  await Promise.all(Array.from({ length: lanes }, work))
}

/**
 * @param {Case} tried
 * @param {Tally} tally
 * @param {(line: string) => void} print
 */
const runCase = async ({ name, run, fault, skip }, tally, print) => {
  if (skip !== undefined) {
    tally.skipped++
    return print(`  left out  ${name}: ${skip}`)
  }
  const start = performance.now()
  const error = await run().then(
    () => undefined,
    (thrown) => thrown ?? new Error('it rejected with nothing'),
  )
  const seconds = `(${((performance.now() - start) / 1_000).toFixed(1)} s)`
  if (fault === undefined && error === undefined) {
    tally.passed++
    return print(`  ok        ${name} ${seconds}`)
  }
  if (error !== undefined && fault?.shows.test(String(error.message))) {
    tally.faults.push(`${name}: ${fault.why}`)
    return print(`  known     ${name}: ${fault.why} ${seconds}`)
  }
  tally.failed++
  const said = indent(error ? String(error.message ?? error) : MENDED)
  tally.failures.push(`${name}\n${said}`)
  print(`  FAILED    ${name} ${seconds}\n${said}`)
}

const MENDED = 'This fault is marked as known, and is mended: take the mark away.'

/**
 * What is bundled and minified has long lines.
 *
 * @param {string} text
 */
const indent = (text) => {
  const lines = text.trimEnd().split('\n').slice(0, 60)
  return lines.map((line) => `            ${line.slice(0, 300)}`).join('\n')
}
