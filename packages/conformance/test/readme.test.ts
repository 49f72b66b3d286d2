import { readFileSync } from 'node:fs'
import { blocksOf, printedBy } from '@conn-hub/testkit'
import { expect, it } from 'vitest'
import { conformance } from '../src/index.js'
import { memory } from './subjects.js'

const page = new URL('../README.md', import.meta.url)
const folder = new URL('.', import.meta.url)

it('prints what the README says', async () => {
  const [transport = '', network = '', watch = ''] = blocksOf(page, 'js')
  const [rules, heard] = blocksOf(page, 'text')
  expect(await printedBy(transport, folder)).toBe(rules)
  expect(await printedBy(network, folder)).toBe(heard)
  expect(await printedBy(watch, folder)).toBe('')
})

it('has each rule in the README', () => {
  const text = readFileSync(page, 'utf8')
  const rules = conformance(memory())
  expect(text).toContain(`For each of the ${rules.length} rules`)
  for (const { name } of rules) {
    const [, method, rule] = /^(?:(\w+)\(\) )?(.*)$/.exec(name) ?? []
    const cell = new RegExp(`^\\| (\`${method}\\(\\)\` )?${rule} \\|`, 'm')
    expect(text, name).toMatch(cell)
  }
})
