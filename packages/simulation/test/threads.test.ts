import { expect, it, onTestFinished } from 'vitest'
import { explore } from '../src/index.js'
import { turmoil } from './turmoil.js'

it('where there are no threads of that kind, one plays all seeds: on Node before 20.16, and in browsers', async () => {
  const options = { seeds: 4, duration: 10_000, print: () => {} }
  const alone = await explore(options, turmoil)
  const here = process as { getBuiltinModule?: unknown }
  const { getBuiltinModule } = here
  expect(getBuiltinModule !== undefined).toBe(isFrom20_16())
  onTestFinished(() => void Object.assign(here, { getBuiltinModule }))
  here.getBuiltinModule = undefined
  // No module could be loaded from there.
  const module = 'file:///nowhere.js'
  expect(await explore({ ...options, jobs: 2, module }, turmoil)).toEqual(alone)
})

const isFrom20_16 = (): boolean => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  return major > 20 || (major === 20 && minor >= 16)
}
