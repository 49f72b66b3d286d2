import { execFile } from 'node:child_process'
import { copyFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { promisify } from 'node:util'
import { create, extract } from 'tar'
import { toPublished, withAbsoluteLinks } from './published.js'

const run = promisify(execFile)

/**
 * Packs one package as it would be published, and says what is in it. Without a repository it is packed as it is.
 * @param {string} root
 * @param {string} directory of the package, from the root
 * @param {import('./published.js').Repository | undefined} repository
 * @param {string} into an empty folder
 */
export const pack = async (root, directory, repository, into) => {
  const staged = join(into, 'package')
  const first = join(into, 'first.tgz')
  // pnpm puts versions for "workspace:", and the licence of the root into it.
  await run('pnpm', ['pack', '--out', first], { cwd: join(root, directory) })
  await mkdir(staged)
  await extract({ file: first, cwd: staged, strip: 1 })
  await rm(first)
  // pnpm adds it, but not where any file of the package has such a name.
  await copyFile(join(root, 'LICENSE'), join(staged, 'LICENSE'))
  const manifest = JSON.parse(await readFile(join(staged, 'package.json'), 'utf8'))
  if (repository) await finish(staged, manifest, repository, directory)
  const tarball = join(
    into,
    `${manifest.name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`,
  )
  await create({ file: tarball, cwd: into, gzip: { level: 9 }, portable: true }, ['package'])
  return {
    name: /** @type {string} */ (manifest.name),
    version: /** @type {string} */ (manifest.version),
    tarball,
    bytes: (await stat(tarball)).size,
    files: await readAll(staged),
  }
}

/**
 * @param {string} staged
 * @param {Record<string, unknown>} manifest
 * @param {import('./published.js').Repository} repository
 * @param {string} directory
 */
const finish = async (staged, manifest, repository, directory) => {
  const published = toPublished(manifest, repository, directory)
  await writeFile(join(staged, 'package.json'), `${JSON.stringify(published, null, 2)}\n`)
  for (const page of ['README.md', 'CHANGELOG.md']) {
    const text = await readFile(join(staged, page), 'utf8')
    await writeFile(join(staged, page), withAbsoluteLinks(text, repository, directory))
  }
}

/** @param {string} folder */
const readAll = async (folder) => {
  const found = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  const read = paths.map(async (path) => {
    const name = relative(folder, path).split(sep).join('/')
    return /** @type {const} */ ([name, await readFile(path, 'utf8')])
  })
  return new Map((await Promise.all(read)).sort(([a], [b]) => (a < b ? -1 : 1)))
}
