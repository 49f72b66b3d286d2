import { describe, expect, it, vi } from 'vitest'
import { explore, type Peer, replay, type Scenario, simulate } from '../src/index.js'

// What a scenario or a reporter throws may be anything, and comes at any moment.

const once = { seed: 1, duration: 1_000 }

/** No text can be made of it. */
const unprintable = (): never => {
  throw Object.create(null)
}

const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'resolved',
    (error: { code?: unknown }) => error.code,
  )

/** Real time goes on, whatever became of a world. */
const isRestored = () => codeOf(simulate(once, () => {}))

describe('what cannot be printed', () => {
  it.each<[string, Scenario, string]>([
    ['always()', async (world) => world.always(unprintable), 'NOT_ALWAYS'],
    ['eventually()', (world) => world.eventually(unprintable, 10), 'NOT_EVENTUALLY'],
    ['the scenario', unprintable, 'SCENARIO_FAILED'],
    ['at()', (world) => world.at(1, unprintable), 'SCENARIO_FAILED'],
    [
      'a peer',
      (world) => world.peer('anna').run(() => void setTimeout(unprintable)),
      'PEER_FAILED',
    ],
    ['a rejected promise', () => void Promise.reject(Object.create(null)), 'SCENARIO_FAILED'],
  ])('thrown by %s is a fault like every other', async (_, scenario, code) => {
    expect(await codeOf(simulate(once, scenario))).toBe(code)
    expect(await isRestored()).toBe('resolved')
  })
})

describe('a reporter that fails', () => {
  const broken = () => {
    throw new Error('the pipe is broken')
  }
  const rejecting = (async () => broken()) as () => never

  it.each([broken, rejecting])('hides no failure of explore()', async (print) => {
    const exploring = explore({ seeds: 3, duration: 1_000, print }, () => {
      throw new Error('the scenario is wrong')
    })
    await expect(exploring).rejects.toThrow('the scenario is wrong')
  })

  it.each([broken, rejecting])(
    'changes no course of replay(), which rejects at the end',
    async (print) => {
      const scenario: Scenario = (world) => world.peer('anna') && undefined
      await expect(replay({ ...once, print }, scenario)).rejects.toThrow('the pipe is broken')
      expect(await isRestored()).toBe('resolved')
    },
  )
})

describe('a world that is over', () => {
  const over = async (): Promise<Peer> => {
    let peer: Peer | undefined
    await simulate(once, (world) => {
      peer = world.peer('anna')
    })
    return peer as Peer
  }

  it.each(['connect', 'disconnect'] as const)('%s() of a peer rejects', async (call) => {
    const { hub } = await over()
    expect(await codeOf(hub[call]('mem:ben'))).toBe('WORLD_OVER')
  })

  it('run() and restart() of a peer throw', async () => {
    const peer = await over()
    const code = expect.objectContaining({ code: 'WORLD_OVER' })
    expect(() => peer.run(vi.fn())).toThrow(code)
    expect(() => peer.restart()).toThrow(code)
  })
})
