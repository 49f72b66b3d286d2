import { isHubError } from '@conn-hub/core'
import { expect, it } from 'vitest'
import { conformance } from '../src/index.js'
import { BREAKS, type Break } from './breaks.js'
import { memory } from './subjects.js'

// Each case can fail: transports that break its rule are found out by it.

const casesOf = (breaks: Break) =>
  conformance({
    setup: async () => {
      const subject = await memory().setup()
      const [here, there] = subject.peers.map(({ transport }) => transport)
      breaks(here as never, there as never)
      return subject
    },
    patience: 60,
  })

const ALL = Object.entries(BREAKS).flatMap(([name, breaks]) =>
  [breaks].flat().map((each: Break, index) => ({ name, index, breaks: each })),
)

it('has a broken transport for each case', () => {
  expect(Object.keys(BREAKS)).toEqual(conformance(memory()).map(({ name }) => name))
})

it.each(ALL)('finds out a transport that breaks: $name ($index)', async ({ name, breaks }) => {
  const found = casesOf(breaks).find((one) => one.name === name)
  const error = await found?.run().then(
    (given) => given ?? 'passed',
    (thrown: unknown) => thrown,
  )
  if (!isHubError(error)) throw new Error(`not found out: ${String(error)}`)
  expect(['NOT_CONFORMANT', 'CONTRACT_BROKEN']).toContain(error.code)
})

it('says in a few words which reason was refused, and why', async () => {
  const cases = casesOf([BREAKS['close() takes any reason']].flat()[0] as Break)
  const found = cases.find(({ name }) => name === 'close() takes any reason')
  const message = await found?.run().catch((error: Error) => error.message)
  expect(message?.length).toBeLessThan(200)
  expect(message).toMatch(/"é+…", 505 characters, and not: RangeError: the reason is too long/)
})
