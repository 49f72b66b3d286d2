import { bundleOf } from '@conn-hub/testkit/bundle'
import { expect, it } from 'vitest'

const HERE = import.meta.dirname
const HUB = "export { createHub } from '@conn-hub/core'\n"

it('a page takes the policies without anything of Node, and without what it does not use', async () => {
  const without = await bundleOf(HUB, HERE)
  const all = await bundleOf(`${HUB}export * from '@conn-hub/policies'`, HERE)
  const some = await bundleOf(
    `${HUB}export { compose, limitDials, onePerPeer } from '@conn-hub/policies'`,
    HERE,
  )
  expect(all.text).not.toContain('node:')
  expect(all.text).toContain('ipaddr: ')
  expect(some.text).not.toContain('ipaddr: ')
  expect(some.size - without.size).toBeLessThan(4.45 * 1_024)
  // An empty bundle would be small, too.
  expect(some.size - without.size).toBeGreaterThan(1_024)
  console.log(`all ${all.size - without.size}, some ${some.size - without.size} bytes`)
})

it('nothing happens at module level: a module that uses nothing of it is empty', async () => {
  // As a bundler sees it that does not believe what package.json says of side effects.
  const { text } = await bundleOf("import '@conn-hub/policies'", HERE, {
    ignoreAnnotations: true,
    external: ['ipaddr.js', '@conn-hub/core'],
  })
  expect(text.match(/import"[^"]+"|import [^;]+;/g)?.length).toBeGreaterThan(0)
  expect(text.replace(/import[^;]*"[^"]+";/g, '').trim()).toBe('')
})
