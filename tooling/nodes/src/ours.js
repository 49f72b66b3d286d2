import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** They serve, or take what only Node has. All others run in browsers too. */
const NODE_ALONE = ['inspector', 'secret-stack', 'ssb-conn-hub']

/**
 * @typedef {object} Entry What an app imports.
 * @property {string} name `core`, `core/view`.
 * @property {string} specifier `@conn-hub/core/view`.
 * @property {boolean} inBrowsers
 * @property {URL | undefined} esm Where it is, built; undefined for what is CommonJS alone.
 * @property {URL} cjs
 */

/**
 * @typedef {object} Ours
 * @property {string} name `core`.
 * @property {string} version
 * @property {boolean} isEmpty It has no content yet: nothing of it can be tried.
 * @property {Entry[]} entries
 * @property {string[]} peers What an app must bring, or may.
 * @property {Record<string, string>} tools What its tests and samples use.
 */

/**
 * All that is published, as its manifests say it: whoever adds a package or a subpath adds it nowhere else.
 *
 * @returns {Promise<Ours[]>} by their names
 */
export const readOurs = async (folder = new URL('../../../packages/', import.meta.url)) => {
  const names = await readdir(folder)
  return Promise.all(names.sort().map((name) => readPackage(name, new URL(`${name}/`, folder))))
}

/**
 * @param {string} name
 * @param {URL} place
 * @returns {Promise<Ours>}
 */
const readPackage = async (name, place) => {
  const manifest = JSON.parse(await readFile(new URL('package.json', place), 'utf8'))
  const index = await readFile(new URL('src/index.ts', place), 'utf8')
  const entries = Object.entries(manifest.exports)
    .filter(([subpath, target]) => isCode(subpath, target))
    .map(([subpath, target]) => toEntry(name, subpath, target, place))
  const { version, peerDependencies = {}, devDependencies: tools = {} } = manifest
  const peers = Object.keys(peerDependencies)
  return { name, version, isEmpty: index.trim() === 'export {}', entries, peers, tools }
}

/**
 * @param {string} subpath
 * @param {any} target
 */
const isCode = (subpath, target) =>
  // The drop-in's `lib/types` is types alone.
  subpath !== './package.json' && (subpath === '.' || target.import !== undefined)

/**
 * @param {string} name
 * @param {string} subpath
 * @param {any} target
 * @param {URL} place
 * @returns {Entry}
 */
const toEntry = (name, subpath, target, place) => {
  const own = name + subpath.slice(1)
  return {
    name: own,
    specifier: `@conn-hub/${own}`,
    inBrowsers: !NODE_ALONE.includes(name),
    esm: target.import && new URL(target.import.default, place),
    cjs: new URL(target.require?.default ?? target.default, place),
  }
}

/** @param {Entry} entry */
export const fileOf = ({ name }) => name.replaceAll('/', '-')

/** @param {URL} file */
export const pathOf = (file) => fileURLToPath(file)
