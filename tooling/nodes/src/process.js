import { spawn } from 'node:child_process'
import { stripVTControlCharacters } from 'node:util'

/** In ms. A run takes seconds or a minute; on a busy machine with a slow network, several. */
const PATIENCE = 900_000

/** In ms: so long a program that is asked to end may take. */
const GRACE = 5_000

/**
 * @typedef {object} Run
 * @property {boolean} ok
 * @property {string} stdout
 * @property {string} output All that it printed, and where it was ended, why.
 * @property {string} [late] Why it was ended: it had run out of time.
 */

/**
 * Runs a program to its end, or ends it when its time is over.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options] `timeout` in ms.
 * @returns {Promise<Run>}
 */
export const run = (program, args, { timeout = PATIENCE, ...options } = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    let output = ''
    /** @type {string | undefined} */
    let late
    child.stdout?.on('data', (part) => {
      stdout += part
      output += part
    })
    child.stderr?.on('data', (part) => {
      output += part
    })
    const timer = setTimeout(() => {
      late = `it was ended after ${timeout / 1_000} s; ${lastLineOf(output)}`
      child.kill()
      setTimeout(() => child.kill('SIGKILL'), GRACE).unref()
    }, timeout)
    // What it started may live on and hold its output open.
    child.on('exit', () => {
      if (late === undefined) return
      child.stdout?.destroy()
      child.stderr?.destroy()
    })
    child.on('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
    child.on('close', (status) => {
      clearTimeout(timer)
      if (late === undefined) return resolve({ ok: status === 0, stdout, output })
      resolve({ ok: false, stdout, output: `${output}\n${program}: ${late}\n`, late })
    })
  })

/** @param {string} output */
const lastLineOf = (output) => {
  const last = stripVTControlCharacters(output).trimEnd().split('\n').at(-1)?.trim()
  return last ? `its last line was: ${last}` : 'it had printed nothing'
}
