import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from '@conn-hub/nodes/src/process.js'

/** @typedef {{ name: string, version: string, dependencies?: Record<string, string> }} Manifest */
/** @typedef {{ manifest: Manifest, tarball: Buffer }} Packed */

const root = fileURLToPath(new URL('../../../', import.meta.url))

/**
 * Packs every package as it would be published. Needs a build.
 *
 * @param {string} folder Where the archives go.
 * @returns {Promise<Packed[]>}
 */
export const packAll = async (folder) => {
  const args = ['-y', 'pnpm@10', '-r', '--filter', './packages/*', 'pack']
  const { ok, output } = await run('npx', [...args, '--pack-destination', folder], { cwd: root })
  if (!ok) throw new Error(`cannot pack:\n${output}`)
  return Promise.all((await readdir(folder)).map((name) => readPacked(join(folder, name))))
}

/**
 * @param {string} archive
 * @returns {Promise<Packed>}
 */
const readPacked = async (archive) => {
  const { stdout } = await run('tar', ['-xOf', archive, 'package/package.json'])
  return { manifest: JSON.parse(stdout), tarball: await readFile(archive) }
}
