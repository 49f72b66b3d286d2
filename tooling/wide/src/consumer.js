import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from '@conn-hub/nodes/src/process.js'

/**
 * @typedef {object} Workshop
 * @property {string} folder Everything of this run is inside it.
 * @property {string} registry Where our packages are.
 * @property {boolean} newest Whether the newest of every package is taken, instead of the pinned one.
 */

/**
 * Sets up a project that uses our packages: a copy of `consumers/NAME`, not installed yet.
 *
 * @param {Workshop} workshop
 * @param {string} name
 * @returns {Promise<string>} its folder
 */
export const createConsumer = async ({ folder, registry, newest }, name) => {
  const source = fileURLToPath(new URL(`../consumers/${name}/`, import.meta.url))
  const place = await mkdtemp(join(folder, `${name}-`))
  await cp(source, place, { recursive: true })
  await writeFile(join(place, '.npmrc'), `@conn-hub:registry=${registry}\n`)
  if (newest) {
    const file = join(place, 'package.json')
    await writeFile(file, JSON.stringify(unpin(JSON.parse(await readFile(file, 'utf8'))), null, 2))
  }
  return place
}

/**
 * Aliases (`npm:typescript@5.2.2`) name an old version on purpose, and stay.
 *
 * @template {{ dependencies?: Record<string, string> }} T
 * @param {T} manifest
 * @returns {T}
 */
export const unpin = (manifest) => {
  const dependencies = Object.entries(manifest.dependencies ?? {}).map(([name, version]) => [
    name,
    version.startsWith('npm:') ? version : 'latest',
  ])
  return { ...manifest, dependencies: Object.fromEntries(dependencies) }
}

/**
 * Runs npm in a consumer. All consumers of a run share one cache, which is new: a stranger has none.
 *
 * @param {Workshop} workshop
 * @param {string} place
 * @param {readonly string[]} args
 */
export const npm = async ({ folder }, place, args) => {
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline']
  const env = { ...process.env, npm_config_cache: join(folder, 'cache') }
  const { ok, stdout, output } = await run('npm', [...args, ...quiet], { cwd: place, env })
  if (!ok) throw new Error(`npm ${args.join(' ')}:\n${output}`)
  return stdout
}

/**
 * A project that is ready.
 *
 * @param {Workshop} workshop
 * @param {string} name
 */
export const installConsumer = async (workshop, name) => {
  const place = await createConsumer(workshop, name)
  await npm(workshop, place, ['install'])
  return place
}
