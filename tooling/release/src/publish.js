import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const exec = promisify(execFile)

/**
 * Publishes a tarball, unless the registry has that version: so it can be begun again where it broke off.
 * @param {{ name: string, version: string, tarball: string }} packed
 */
export const publish = async ({ name, version, tarball }) => {
  if (await isPublished(name, version))
    return console.log(`${name} ${version} is published already.`)
  await exec('npm', ['publish', tarball, '--access', 'public', '--provenance'])
  console.log(`${name} ${version} is published.`)
}

/**
 * @param {string} name
 * @param {string} version
 */
const isPublished = (name, version) =>
  exec('npm', ['view', `${name}@${version}`, 'version']).then(
    ({ stdout }) => stdout.trim() === version,
    (error) => {
      if (!String(error.stderr).includes('E404')) throw error
      return false
    },
  )
