import { turns } from '@conn-hub/testkit'
import { expect, it } from 'vitest'
import type { ErrorOrigin } from '../src/model/errors.js'
import { createLedger } from '../src/state/ledger.js'

const setup = () => {
  const told: [string, ErrorOrigin][] = []
  const ledger = createLedger((error, from) => told.push([(error as Error).message, from]))
  return { ledger, told }
}

it('goes on in the next turn with a step that had no room', async () => {
  const { ledger, told } = setup()
  const ran: number[] = []
  ledger.later(() => {
    if (ran.push(1) === 1) throw new RangeError('no room')
  })
  ledger.later(() => ran.push(2))
  ledger.deliver()
  expect(ran).toEqual([1])
  await turns()
  expect([ran, told]).toEqual([[1, 1, 2], []])
})

it('does not end in a step that throws whatever room it has: that is told, once, and the rest goes on', async () => {
  const { ledger, told } = setup()
  let tries = 0
  const ran: number[] = []
  ledger.later(() => {
    // Else the test itself would never end.
    if (++tries < 1_000) throw new Error('a fault of ours')
  })
  ledger.later(() => ran.push(2))
  ledger.deliver()
  await turns()
  expect([tries, ran, told]).toEqual([
    2,
    [2],
    [['a fault of ours', { origin: 'listener', call: 'deliver' }]],
  ])
})
