import { readFileSync } from 'node:fs'
import { bundleOf } from '@conn-hub/testkit/bundle'
import { expect, it } from 'vitest'

const HUB = "export { createHub } from '@conn-hub/core'\n"
const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

/** What is added to a page that has the hub. */
const added = async (names: string) => {
  const policies = `${HUB}export ${names} from '@conn-hub/policies'`
  const [alone, all] = await Promise.all(
    [HUB, policies].map((code) => bundleOf(code, import.meta.dirname)),
  )
  return (all?.size ?? 0) - (alone?.size ?? 0)
}

it('a page grows by what the README says, within 5 %, and not more', async () => {
  const row = /\| in a page, .* \| ([\d.]+) KB for (.*?); ([\d.]+) KB for all/.exec(readme)
  const [, few = '', names = '', all = ''] = row ?? []
  const some = names.match(/\w{4,}/g)?.join(', ')
  for (const [said, exported] of [
    [few, `{ ${some} }`],
    [all, '*'],
  ] as const) {
    const size = (await added(exported)) / 1_024
    expect(size, exported).toBeLessThanOrEqual(Number(said) + 0.05)
    expect(size, exported).toBeGreaterThan(Number(said) * 0.95)
  }
})
