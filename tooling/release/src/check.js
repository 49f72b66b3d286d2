import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { problemsOf } from './contents.js'

const exec = promisify(execFile)
const here = fileURLToPath(new URL('..', import.meta.url))

/**
 * All that is wrong with a package, in words: its files, and what publint and attw say of the tarball.
 * @param {Awaited<ReturnType<typeof import('./pack.js').pack>>} packed
 */
export const check = async ({ files, tarball }) => [
  ...problemsOf(files),
  ...(await complaintOf('publint', [tarball, '--strict'])),
  ...(await complaintOf('attw', [tarball])),
]

/**
 * @param {string} tool
 * @param {string[]} args
 */
const complaintOf = (tool, args) =>
  exec('pnpm', ['exec', tool, ...args], { cwd: here }).then(
    () => [],
    ({ stdout, stderr }) => [`${tool} says: ${stdout}${stderr}`],
  )
