import { spawn } from 'node:child_process'

/** In ms. A run takes seconds or a minute; on a busy machine with a slow network, several. */
const PATIENCE = 900_000

/**
 * Runs a program to its end.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<{ ok: boolean, stdout: string, output: string }>} `output` is all that it printed
 */
export const run = (program, args, options = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      timeout: PATIENCE,
      ...options,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let output = ''
    child.stdout?.on('data', (part) => {
      stdout += part
      output += part
    })
    child.stderr?.on('data', (part) => {
      output += part
    })
    child.on('error', reject)
    child.on('close', (status) => resolve({ ok: status === 0, stdout, output }))
  })
