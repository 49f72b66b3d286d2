import { createHub } from '@conn-hub/core'
import { expect, it } from 'vitest'
import { explore, replay, type Scenario, simulate } from '../src/index.js'

// What somebody writes who has read the page too fast.

const any = (value: unknown) => value as never
const nothing: Scenario = () => {}
const once = { seed: 1, duration: 1_000 }
const inWorld = (scenario: Scenario) => simulate(once, scenario)

it.each<[string, () => unknown, string]>([
  ['no options', () => simulate(any(undefined), nothing), '"options" must be an object with seed'],
  ['duraton', () => simulate(any({ ...once, duraton: 1 }), nothing), 'no option "duraton"'],
  ['seeds of simulate', () => simulate(any({ ...once, seeds: 1 }), nothing), 'no option "seeds"'],
  ['explore without', () => explore(any(undefined), nothing), '"options" must be an object'],
  [
    'seed of explore',
    () => explore(any({ ...once, seeds: 1 }), nothing),
    'There is no option "seed". The options here are seeds, from, jobs, module, print, duration, quiet',
  ],
  ['replay without', () => replay(any(undefined), nothing), '"options" must be an object'],
  ['form of replay', () => replay(any({ ...once, form: 1 }), nothing), 'no option "form"'],
  [
    'loss of a network',
    () => inWorld(({ network }) => network.set(any({ loss: 1 }))),
    'There is no option "loss". The options here are latency, jitter, lossOfDials',
  ],
  [
    'peers that are no groups',
    () =>
      inWorld((world) => {
        world.network.partition(any(world.peer('anna')), any(world.peer('ben')))
      }),
    '"group" must be a list of peers',
  ],
  [
    'crash({ silnt })',
    () => inWorld((world) => world.peer('anna').crash(any({ silnt: true }))),
    'There is no option "silnt"',
  ],
  [
    'dialTimout of a peer',
    () =>
      inWorld((world) => {
        world.peer('anna', ({ transport }) => createHub({ transport }), any({ dialTimout: 1 }))
      }),
    'There is no option "dialTimout"',
  ],
])('a wrong option is named: %s', async (_, call, words) => {
  const error = await Promise.resolve()
    .then(call)
    .catch((error: unknown) => error)
  expect(error).toBeInstanceOf(Error)
  const { message, code, cause } = error as Error & { code?: string; cause?: { code?: string } }
  expect(message).toContain(words)
  expect(cause?.code ?? code).toBe('INVALID_OPTION')
})

it.each<[string, Scenario]>([
  ['wait()', (world) => world.wait(2 ** 31)],
  ['at()', (world) => world.at(2 ** 31, nothing as never)],
  ['sleep()', (world) => world.peer('anna').sleep(2 ** 31)],
])('%s refuses what no timer can count, for it would come at once', async (_, scenario) => {
  await expect(inWorld(scenario)).rejects.toThrow('must be a number of ms, up to 2147483647')
})

it('a duration that no timer can count is refused', async () => {
  await expect(simulate({ seed: 1, duration: 2 ** 31 }, nothing)).rejects.toThrow(
    '"duration" must be a number of ms above 0, up to 2147483647',
  )
})
