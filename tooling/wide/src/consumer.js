import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from '@conn-hub/nodes/src/process.js'
import { tryAgain } from './try-again.js'

/**
 * @typedef {object} Workshop
 * @property {string} folder Everything of this run is inside it.
 * @property {string} registry Where our packages are.
 * @property {boolean} newest Whether the newest of every package is taken, instead of the pinned one.
 * @property {import('@conn-hub/nodes/src/ours.js').Ours[]} ours What is published and has content.
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
  const npmRuns = () => run('npm', [...args, ...quiet], { cwd: place, env })
  const { ok, stdout, output } = await tryAgain(npmRuns)
  if (!ok) throw new Error(`npm ${args.join(' ')}:\n${output}`)
  return stdout
}

/**
 * A project that is ready: it has all that is ours, and what that must be given.
 *
 * @param {Workshop} workshop
 * @param {string} name
 * @param {Record<string, string>} [others] Further packages, with their versions.
 */
export const installConsumer = async (workshop, name, others = {}) => {
  const { ours, newest } = workshop
  const place = await createConsumer(workshop, name)
  const file = join(place, 'package.json')
  const manifest = JSON.parse(await readFile(file, 'utf8'))
  const added = { ...Object.assign({}, ...ours.map(peersOf)), ...others }
  const given = newest ? unpin({ dependencies: added }).dependencies : added
  const own = Object.fromEntries(ours.map((each) => [`@conn-hub/${each.name}`, each.version]))
  manifest.dependencies = { ...given, ...manifest.dependencies, ...own }
  await writeFile(file, JSON.stringify(manifest, null, 2))
  await npm(workshop, place, ['install'])
  return place
}

/**
 * What the app must bring, in the version that our tests have.
 *
 * @param {import('@conn-hub/nodes/src/ours.js').Ours} ours
 */
const peersOf = ({ peers, tools }) => pinnedOf(peers, tools)

/**
 * @param {readonly string[]} names
 * @param {Record<string, string>} tools
 * @returns {Record<string, string>} those that are pinned
 */
export const pinnedOf = (names, tools) =>
  Object.fromEntries(
    names
      .map((name) => [name, tools[name] ?? ''])
      .filter(([, version = '']) => /^\d/.test(version)),
  )
