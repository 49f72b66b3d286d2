import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { tableOf } from '@conn-hub/testkit'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const read = (path: string) => readFileSync(root + path, 'utf8')
const manifest = (path: string) => JSON.parse(read(`${path}package.json`))
const folders = (place: string) => readdirSync(root + place).map((name) => `${place}/${name}`)

const pages = [
  ...['README.md', 'CONTRIBUTING.md', '.github/SECURITY.md', '.changeset/README.md'],
  ...['.github/pull_request_template.md', 'packages/core/READING.md'],
  ...[...folders('packages'), ...folders('tooling')].map((folder) => `${folder}/README.md`),
  'packages/inspector/record/README.md',
].filter((path) => existsSync(root + path))

const withoutCode = (text: string) => text.replace(/```[\s\S]*?```|`[^`\n]*`/g, '')

/** As GitHub and npm make an anchor of each. */
const headingsOf = (path: string) =>
  [...read(path).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  )

describe.each(pages)('%s', (page) => {
  const text = read(page)

  it('names commands that there are', () => {
    const { scripts } = manifest('')
    const named = [...text.matchAll(/(?:npx -y pnpm@10|`pnpm) ([a-z:]+)/g)].map(([, name]) => name)
    expect(named.filter((name = '') => !(name in scripts))).toEqual([])
  })

  it('leads to pages, pictures and headings that there are', () => {
    const links = withoutCode(text).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)
    const lost = [...links].filter(([, path = '', heading]) => {
      const target = path ? join(dirname(page), path) : page
      const file = statSync(root + target, { throwIfNoEntry: false })
      if (!file) return true
      return (
        heading && !headingsOf(file.isFile() ? target : `${target}/README.md`).includes(heading)
      )
    })
    expect(lost.map(([link]) => link)).toEqual([])
  })

  it('names programs that there are, built or not', () => {
    const named = [...text.matchAll(/\bnode ((?:packages|tooling)\/\S+\.js)/g)]
    const sources = named.map(([, path = '']) => path.replace(/\/dist\/(.*)\.js$/, '/src/$1.ts'))
    expect(sources.filter((path) => !existsSync(root + path))).toEqual([])
  })
})

it('SECURITY names tests that there are', () => {
  let place = ''
  const missing: string[] = []
  for (const [, path = ''] of read('.github/SECURITY.md').matchAll(/`([\w./-]+\.test\.ts)`/g)) {
    const [first = ''] = path.split('/')
    if (existsSync(`${root}packages/${first}/package.json`)) place = path.replace(/[^/]+$/, '')
    const candidates = [
      `packages/${path.replace('/', '/test/')}`,
      ...[`packages/${path}`, `packages/${place}${path}`, `packages/inspector/test/${path}`],
      ...[`tooling/proof/test/${path}`, path],
    ]
    if (!candidates.some((candidate) => existsSync(root + candidate))) missing.push(path)
  }
  expect(missing).toEqual([])
})

it('CONTRIBUTING leads the first change through files that there are', () => {
  const [, section = ''] = /### The first change(.*?)^## /ms.exec(read('CONTRIBUTING.md')) ?? []
  let folder = ''
  const missing: string[] = []
  for (const [, path = ''] of section.matchAll(
    /`([\w./-]+\.(?:ts|md)|(?:packages|tooling)\/[\w./-]+)`/g,
  )) {
    const isWhole = /^(packages|tooling)\//.test(path)
    const file = isWhole ? path : `${folder}/${path}`
    if (isWhole) folder = /\.\w+$/.test(path) ? dirname(path) : path
    if (!existsSync(root + file)) missing.push(path)
  }
  expect(folder).not.toBe('')
  expect(missing).toEqual([])
})

describe('README.md', () => {
  it('begins without the words that only we know', () => {
    const [beginning = ''] = read('README.md').split(/^```js\nimport /m)
    expect(beginning.length).toBeLessThan(read('README.md').length)
    expect(beginning.match(/\b(grammars?|folds?|ports?|sbots?|facades?)\b/gi)).toBeNull()
  })

  it('says of each package whose it is', () => {
    const told = [...read('README.md').matchAll(/\]\((packages\/[\w-]+)\)/g)].map(
      ([, path]) => path,
    )
    expect([...new Set(told)].sort()).toEqual(folders('packages').sort())
  })

  it('and CONTRIBUTING ask for the Node that the manifest asks for', () => {
    const { engines } = manifest('')
    for (const page of ['README.md', 'CONTRIBUTING.md']) {
      expect(read(page)).toContain(`Node ${engines.node.replace('>=', '')} or later`)
    }
  })
})

it('CONTRIBUTING lists each command that somebody may run', () => {
  const { scripts } = manifest('')
  // Parts of others.
  const parts = ['check:layers', 'check:types', 'build:proof', 'change:version']
  const listed = tableOf(read('CONTRIBUTING.md'), 'command').map(
    ([command = '']) => /pnpm@10 ([a-z:]+)/.exec(command)?.[1],
  )
  const named = Object.keys(scripts).filter((name) => !parts.includes(name))
  expect([...new Set(listed)].sort()).toEqual(named.sort())
})

/** As `tooling/nodes` has them; all others are bundled for a browser by `test:wide`. */
const ONLY_IN_NODE = ['inspector', 'secret-stack', 'ssb-conn-hub']

describe('what a page says of Node and of dependencies', () => {
  it.each(folders('packages'))('%s: its manifest says, too', (folder) => {
    const { engines, dependencies = {} } = manifest(`${folder}/`)
    const text = read(`${folder}/README.md`)
    expect(engines.node).toBe('>=18')
    expect(text).toContain('Node 18 or later')
    if (text.includes('No dependency.')) expect(dependencies).toEqual({})
    const isForBrowsers = text.includes('Node 18 or later, or a browser')
    expect(isForBrowsers).toBe(!ONLY_IN_NODE.includes(folder.replace('packages/', '')))
  })
})
