import { blocksOf, printedBy } from '@conn-hub/testkit'
import { expect, it } from 'vitest'

const page = new URL('../README.md', import.meta.url)

it('prints with the first example of the README what the README says', async () => {
  const [example = ''] = blocksOf(page, 'js')
  expect(await printedBy(example, new URL('.', import.meta.url))).toBe(blocksOf(page, 'text')[0])
})
