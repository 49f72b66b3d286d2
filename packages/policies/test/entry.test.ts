import { expect, test } from 'vitest'

test('the entry loads', async () => {
  expect(await import('../src/index.js')).toBeDefined()
})
