import { blocksOf, printedBy } from '@conn-hub/testkit'
import { expect, it } from 'vitest'

const page = new URL('../README.md', import.meta.url)
const ADDRESS = /^Open http:\/\/127\.0\.0\.1:\d+\/[\w-]{43}\/\n$/

it('prints with the first example of the README what the README says', async () => {
  const [example = ''] = blocksOf(page, 'js')
  expect(blocksOf(page, 'text')[0]).toMatch(ADDRESS)
  expect(await printedBy(example, new URL('.', import.meta.url))).toMatch(ADDRESS)
})
