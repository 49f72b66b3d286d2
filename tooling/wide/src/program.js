import { spawn } from 'node:child_process'
import { once } from 'node:events'

/**
 * Starts a program that goes on, and waits until it has printed what is looked for.
 *
 * @param {string} file
 * @param {string} cwd
 * @param {RegExp} pattern
 */
export const startProgram = async (file, cwd, pattern) => {
  const child = spawn(process.execPath, [file], { cwd })
  const closed = once(child, 'close')
  let output = ''
  /** @type {(match: RegExpExecArray) => void} */
  let found
  /** @type {Promise<RegExpExecArray>} */
  const matched = new Promise((resolve) => {
    found = resolve
  })
  const onData = (/** @type {Buffer} */ part) => {
    output += part
    const match = pattern.exec(output)
    if (match) found(match)
  }
  child.stdout.on('data', onData)
  child.stderr.on('data', onData)
  const ended = closed.then(([status]) => {
    throw new Error(`it ended with status ${status}, and printed:\n${output}`)
  })
  ended.catch(() => {})
  const stop = async () => {
    child.kill('SIGKILL')
    await closed
  }
  return {
    match: await Promise.race([matched, ended]),
    isRunning: () => child.exitCode === null,
    stop,
  }
}
