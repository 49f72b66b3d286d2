import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** @typedef {{ name: string, license: string }} Installed */

/**
 * Everything that is installed, for whatever reason.
 * @param {string} root
 * @returns {Installed[]}
 */
export const installedIn = (root) => {
  const store = join(root, 'node_modules/.pnpm')
  return readdirSync(store)
    .map((folder) => join(store, folder, 'node_modules'))
    .filter(existsSync)
    .flatMap(packagesIn)
    .filter((path) => realpathSync(path) === path)
    .map(read)
}

/**
 * What a user installs with the packages of this repository.
 * @param {string} root
 * @returns {Installed[]}
 */
export const shippedFrom = (root) => {
  /** @type {Set<string>} */
  const found = new Set()
  /** @param {string} path */
  const visit = (path) => {
    if (found.has(path)) return
    found.add(path)
    const { dependencies = {} } = readManifest(path)
    for (const name of Object.keys(dependencies)) visit(find(name, path))
  }
  for (const name of readdirSync(join(root, 'packages'))) visit(join(root, 'packages', name))
  return [...found].map(read)
}

/**
 * As Node looks for it.
 * @param {string} name
 * @param {string} from
 * @returns {string}
 */
const find = (name, from) => {
  const path = join(from, 'node_modules', name)
  if (existsSync(path)) return realpathSync(path)
  if (from === dirname(from)) throw new Error(`${name} is not installed`)
  return find(name, dirname(from))
}

/** @param {string} folder */
const packagesIn = (folder) =>
  readdirSync(folder)
    .flatMap((name) =>
      name.startsWith('@') ? readdirSync(join(folder, name)).map((own) => join(name, own)) : [name],
    )
    .map((name) => join(folder, name))
    .filter((path) => existsSync(join(path, 'package.json')))

/** @param {string} path */
const read = (path) => {
  const { name, license, licenses } = readManifest(path)
  const said = [license, licenses].flat().map((one) => one?.type ?? one)
  return { name, license: [...new Set(said.filter(Boolean))].join(' OR ') || 'none' }
}

/** @param {string} path */
const readManifest = (path) => JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'))
