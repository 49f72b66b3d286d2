import { isHubError } from '@conn-hub/core'
import { expect, it } from 'vitest'
import { conformance } from '../src/index.js'
import { BREAKS } from './breaks.js'
import { memory } from './subjects.js'

// Each case can fail: a transport that breaks its rule is found out by it.

const casesOf = (name: string) =>
  conformance({
    setup: async () => {
      const subject = await memory.setup()
      const [here, there] = subject.peers.map(({ transport }) => transport)
      BREAKS[name]?.(here as never, there as never)
      return subject
    },
    patience: 60,
  })

it('has a broken transport for each case', () => {
  expect(Object.keys(BREAKS)).toEqual(conformance(memory).map(({ name }) => name))
})

it.each(Object.keys(BREAKS))('finds out a transport that breaks: %s', async (name) => {
  const found = casesOf(name).find((one) => one.name === name)
  const error = await found?.run().then(
    () => 'passed',
    (thrown: unknown) => thrown,
  )
  if (!isHubError(error)) throw new Error(`not found out: ${String(error)}`)
  expect(['NOT_CONFORMANT', 'CONTRACT_BROKEN']).toContain(error.code)
})
