import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const here = join(root, 'tooling/types')

/** The folders in a folder, and what else stands in it. */
const read = (path: string) => {
  const entries = readdirSync(path, { withFileTypes: true })
  const folders = entries.filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
  return { names: entries.map(({ name }) => name), folders: folders.map(({ name }) => name) }
}

const settingsIn = (path: string): string[] =>
  read(path)
    .names.filter((name) => /^tsconfig.*\.json$/.test(name))
    .map((name) => join(path, name))

const inProject = (path: string): string[] =>
  [path, ...read(path).folders.map((name) => join(path, name))].flatMap(settingsIn)

it('checks the types of all that has settings for them', () => {
  const { references } = JSON.parse(readFileSync(join(here, 'tsconfig.json'), 'utf8')) as {
    references: { path: string }[]
  }
  const checked = references.map(({ path }) =>
    resolve(here, path.endsWith('.json') ? path : join(path, 'tsconfig.json')),
  )
  const projects = ['packages', 'tooling']
    .flatMap((folder) => read(join(root, folder)).folders.map((name) => join(root, folder, name)))
    .flatMap(inProject)
    // This list itself; and what makes the drop-in's declarations, by a build.
    .filter((path) => path !== join(here, 'tsconfig.json') && !path.endsWith('.build.json'))
  expect(projects.length).toBeGreaterThan(30)
  expect(checked.sort()).toEqual(projects.sort())
})
