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
    'a peer that is not there',
    () =>
      inWorld((world) => {
        world.peer('anna')
        world.network.partition(['anna'], ['bne'])
      }),
    '"peer" must be one of the peers of this world (anna), not "bne"',
  ],
  ...(['silence', 'silenceOneWay', 'reset'] as const).map(
    (fault): [string, () => unknown, string] => [
      `${fault}() with nobody`,
      () => inWorld((world) => void world.network[fault](world.peer('anna'), 'bne')),
      'not "bne"',
    ],
  ),
  ['slow() of nobody', () => inWorld(({ network }) => network.slow('bne', 1)), 'not "bne"'],
  [
    'one group alone',
    () => inWorld((world) => void world.network.partition([world.peer('anna')])),
    '"groups" must be two groups or more',
  ],
  [
    'what of always()',
    () => inWorld((world) => world.always(() => true, any(5))),
    '"what" must be a string',
  ],
  [
    'what of eventually()',
    () => inWorld((world) => world.eventually(() => true, 1, any(5))),
    '"what" must be a string',
  ],
  [
    'run() of nothing',
    () => inWorld((world) => world.peer('anna').run(any(undefined))),
    '"code" must be a function',
  ],
  [
    'a chance that is none',
    () => inWorld((world) => void world.random.chance(any(undefined))),
    '"probability" must be a number from 0 to 1',
  ],
  [
    'a module that is no URL',
    () => explore({ seeds: 1, duration: 1, jobs: 2, module: 'test.mjs' }, nothing),
    '"module" must be import.meta.url',
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

it.each<[string, unknown]>([
  ['undefined', undefined],
  ['an object', Promise.resolve(false)],
  ['1', 1],
])('a condition that gives %s is refused: it would seem to hold', async (words, answer) => {
  const holds = any(() => answer) as () => boolean
  const rejects = (scenario: Scenario) => expect(inWorld(scenario)).rejects
  const message = expect.stringContaining(`it must give true or false, and gave ${words}`)
  await rejects((world) => world.always(holds)).toMatchObject({ code: 'NOT_ALWAYS', message })
  await rejects((world) => world.eventually(holds, 10)).toMatchObject({
    code: 'NOT_EVENTUALLY',
    message,
  })
})

it.each([undefined, 'a text'])('a timer that calls %s is refused where it is set', async (run) => {
  await expect(
    inWorld(() => {
      try {
        setTimeout(any(run), 5)
      } catch {
        return
      }
      throw new Error('it was set')
    }),
  ).resolves.toMatchObject({ seed: 1 })
})
