import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

// Numbers on pages that are counted here, so that nobody has to.

const root = new URL('../../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')
const manifest = (path: string) => JSON.parse(read(`${path}/package.json`))

it('the versions of secret-stack that its page names are those that the tests have', () => {
  const { devDependencies, dependencies } = manifest('tooling/testkit')
  const versions = Object.entries({ ...dependencies, ...devDependencies })
    .filter(([name]) => name.startsWith('secret-stack-'))
    .map(([, version]) => String(version).replace('npm:secret-stack@', ''))
  const [, named = ''] =
    /Tested with ([\d., and]+), with each/.exec(read('packages/secret-stack/README.md')) ?? []
  expect(named.match(/\d+\.\d+\.\d+/g)).toEqual(versions)
})

it('TypeScript is tried in eleven versions', () => {
  const { dependencies } = manifest('tooling/wide/consumers/types')
  const versions = Object.keys(dependencies).filter((name) => name.startsWith('typescript'))
  expect(versions).toHaveLength(11)
  for (const page of ['README.md', 'CONTRIBUTING.md']) {
    expect(read(page).replaceAll('\n', ' ')).toContain('eleven versions of TypeScript')
  }
})

it('as many faults are put into core as is said', () => {
  const faults = readdirSync(new URL('tooling/proof/breaks', root))
  for (const page of [
    'CONTRIBUTING.md',
    'tooling/proof/README.md',
    'packages/simulation/README.md',
  ])
    expect(read(page)).toMatch(new RegExp(`\\b${faults.length} faults\\b`))
})

it('a transport is held to as many rules as is said', () => {
  const [, rules] = /each of the (\d+) rules/.exec(read('packages/conformance/README.md')) ?? []
  expect(read('tooling/proof/README.md')).toContain(`each against ${rules} rules`)
})

it.each([
  ['test:long', 'main.ts', /name: 'model'.*?runs: ([\d_]+)/s, '10,000 of each of two kinds'],
  ['test:fuzz', 'main.ts', /name: 'fuzz'.*?runs: ([\d_]+)/s, '20,000 inputs of each property'],
  ['test:turmoil', 'turmoil/command.ts', /'seeds', ([\d_]+)/, '1,000 seeds'],
  ['test:soak', 'soak/command.ts', /'on the in-memory transport', \w+, ([\d_]+)/, 'a million'],
])('%s plays as many as CONTRIBUTING says', (command, file, pattern, said) => {
  const [, runs = ''] = pattern.exec(read(`tooling/proof/src/${file}`)) ?? []
  const [number = ''] = said.split(' ')
  const count = number === 'a' ? 1_000_000 : Number(number.replace(',', ''))
  expect(Number(runs.replaceAll('_', ''))).toBe(count)
  expect(read('CONTRIBUTING.md')).toMatch(new RegExp(`pnpm@10 ${command}\`.*${said}`))
})

it('each promise has tests of core that bear its number', () => {
  const [, list = ''] = /## What it promises(.*?)^## /ms.exec(read('README.md')) ?? []
  const promises = [...list.matchAll(/^(\d+)\. \*\*/gm)].map(([, number]) => number)
  const folder = new URL('packages/core/test/', root)
  const tests = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => readFileSync(new URL(file, folder), 'utf8'))
    .join('')
  expect(promises).toHaveLength(11)
  expect(read('.github/SECURITY.md')).toContain('the eleven promises, `core/test`')
  for (const number of promises)
    expect(tests).toMatch(new RegExp(`^describe\\('${number}[ :]`, 'm'))
})
