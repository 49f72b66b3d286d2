import timers from 'node:timers'
import { createHub, type Hub } from '@conn-hub/core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { explore, type Scenario, type SimulationError, simulate, type World } from '../src/index.js'

const outcome = async (
  scenario: Scenario,
  options: { duration?: number; quiet?: number } = {},
): Promise<{ code: string; message: string; faults: readonly { message: string }[] }> => {
  try {
    await simulate({ seed: 1, duration: 60_000, ...options }, scenario)
    return { code: 'fine', message: '', faults: [] }
  } catch (error) {
    return error as SimulationError
  }
}

describe('when nothing is done any more', () => {
  it('what apps go on with is no ghost, at whatever moment it is looked at', async () => {
    const restless: Scenario = (world) => {
      world.peer('ben')
      world.peer('anna', ({ transport }) => {
        const hub = createHub({ transport })
        const again = async () => {
          if (hub.closed) return
          await hub.connect('mem:ben').catch(() => {})
          await hub.disconnect('mem:ben').catch(() => {})
          setTimeout(again, 5)
        }
        again()
        return hub
      })
    }
    for (let more = 0; more < 100; more += 7) {
      const { code } = await outcome(restless, { duration: 1_000 + more, quiet: 100 })
      expect(code).toBe('fine')
    }
  })

  it.each<[string, (world: World) => void]>([
    ['partition()', ({ network }) => void network.partition(['anna'], ['ben'])],
    ['silence()', ({ network }) => void network.silence('anna', 'ben')],
    ['silenceOneWay()', ({ network }) => void network.silenceOneWay('anna', 'ben')],
    ['slow()', ({ network }) => network.slow('ben', 3_600_000)],
    ['set()', ({ network }) => network.set({ latency: 3_600_000 })],
    ['reset()', ({ network }) => network.reset('anna', 'ben')],
    ['crash()', ({ peers }) => peers[0]?.crash()],
    ['restart()', ({ peers }) => peers[0]?.restart()],
    ['sleep()', ({ peers }) => peers[0]?.sleep(3_600_000)],
  ])('%s of a listener has no effect', async (_, harm) => {
    const { timeline } = await simulate({ seed: 1, duration: 60_000 }, (world) => {
      world.peer('ben')
      world.peer('anna', ({ transport }) => {
        const hub = createHub({ transport })
        hub.on('connected', () => {
          setTimeout(harm, 0, world)
          setTimeout(() => hub.disconnect('mem:ben'), 100)
        })
        hub.on('disconnecting', () => harm(world))
        setTimeout(() => hub.connect('mem:ben'), 70_000)
        return hub
      })
    })
    const after = timeline.filter(({ at }) => at > 60_000)
    expect(after.filter(({ seq }) => seq !== undefined)).toHaveLength(6)
    expect(after.filter(({ seq }) => seq === undefined)).toEqual([])
  })

  it('each hub is held to its promises once more', async () => {
    const { code, message } = await outcome((world) => {
      world.peer('ben')
      const anna = world.peer('anna', ({ transport }) => {
        const hub = createHub({ transport })
        // Between two looks of the watch, and without an event.
        const get: Hub<never>['get'] = (address) =>
          world.now > 119_500 ? undefined : (hub.get(address) as never)
        return Object.create(hub, { get: { value: get } })
      })
      world.at(0, () => anna.hub.connect('mem:ben').then(() => {}))
    })
    expect(code).toBe('CONTRACT_BROKEN')
    expect(message).toContain('after 120.000 s')
  })

  it('nobody who waits is told that his time has come, and what was stopped stays stopped', async () => {
    const { timeline } = await simulate({ seed: 1, duration: 1_000 }, (world) => {
      void world.wait(2_000).then(() => world.note('waited for too long'))
      const stop = world.every(100, () => world.note('again'))
      world.at(250, stop)
      world.at(1_500, () => world.note('too late'))
    })
    expect(timeline.map(({ what }) => what).filter((what) => what !== 'network: healed')).toEqual([
      'again',
      'again',
    ])
  })
})

it('what must come true is judged when it is due, also where nothing else happens', async () => {
  const { message } = await outcome((world) => void world.eventually(() => false, 2_500, 'never'))
  expect(message).toBe('Seed 1, after 2.500 s: it did not come true within 2500 ms: never')
})

describe('the shortest course', () => {
  const lines = async (scenario: Scenario, options: { duration: number; quiet?: number }) => {
    const printed: string[] = []
    const print = (line: string) => printed.push(line)
    await explore({ seeds: 1, from: 1, ...options, print }, scenario).catch(() => {})
    return printed.join('\n')
  }

  it('does not judge what had time left when it ended', async () => {
    const printed = await lines(
      (world) => {
        world.every(10_000, () => world.note('still nothing'))
        world.eventually(() => false, 50_000).catch(() => {})
      },
      { duration: 60_000, quiet: 10 },
    )
    expect(printed).toMatch(/nothing any more after (40001|5000[01]) ms/)
  })

  it('is none that fails in another way', async () => {
    const printed = await lines(
      (world) => {
        let [isReady, isFine] = [false, true]
        world.peer('anna', ({ transport }) => {
          setTimeout(() => {
            if (!isReady) throw new Error('not ready')
          }, 20_000)
          return createHub({ transport })
        })
        // So that the search looks there first.
        for (let at = 100; at <= 2_000; at += 100) world.at(at, () => world.note('early'))
        world.at(5_000, () => {
          isReady = true
          world.note('ready')
        })
        world.at(10_000, () => {
          isFine = false
        })
        world.always(() => isFine, 'it is fine')
      },
      { duration: 60_000 },
    )
    expect(printed).toContain('it does not hold any more: it is fine')
    expect(printed).toContain('nothing any more after 10001 ms')
  })

  it('is not looked for where the failure does not come again', async () => {
    let plays = 0
    const scenario: Scenario = () => {
      plays++
      if (plays === 1) throw new Error('by a chance that no seed decides')
    }
    const options = { seeds: 1, duration: 100, print: () => {} }
    await expect(explore(options, scenario)).rejects.toMatchObject({ code: 'NOT_REPEATABLE' })
  })

  it('need not come to the end of the scenario', async () => {
    const printed = await lines(
      async (world) => {
        world.peer('anna', ({ transport }) => {
          setTimeout(() => {
            throw new Error('on purpose')
          }, 20_000)
          return createHub({ transport })
        })
        await world.wait(50_000)
      },
      { duration: 60_000 },
    )
    expect(printed).toContain('nothing any more after 1 ms')
  })
})

/** Those of the test runner would take it for a fault of the test. */
const without = (type: 'unhandledRejection' | 'uncaughtException') => {
  const before = process.listeners(type as 'unhandledRejection')
  process.removeAllListeners(type)
  onTestFinished(() => {
    process.removeAllListeners(type)
    for (const listener of before) process.on(type, listener)
  })
}

describe('a rejected promise that nobody waits for', () => {
  it.each([
    ['PEER_FAILED', 'anna', true],
    ['SCENARIO_FAILED', 'the scenario', false],
  ])('is told: %s, of %s', async (code, who, isPeers) => {
    without('unhandledRejection')
    const cause = new Error('on purpose')
    const run = await outcome((world) => {
      const fail = () => void Promise.reject(cause)
      world.peer('anna', ({ transport }) => {
        if (isPeers) setTimeout(fail, 10)
        return createHub({ transport })
      })
      if (!isPeers) setTimeout(fail, 10)
    })
    expect(run).toMatchObject({ code, cause })
    expect(run.message).toContain(`${who} left a rejected promise: Error: on purpose`)
    expect(process.listenerCount('unhandledRejection')).toBe(0)
  })
})

describe('what throws where nobody can catch it', () => {
  const fail = () => {
    throw new Error('on purpose')
  }

  it.each<[string, () => void]>([
    ['a microtask', () => queueMicrotask(fail)],
    ['a tick', () => process.nextTick(fail)],
    ['a timer of node:timers', () => void timers.setTimeout(fail, 5)],
  ])('is told: %s of a peer', async (_, begin) => {
    without('uncaughtException')
    const { code, message } = await outcome((world) => {
      const anna = world.peer('anna')
      anna.run(() => void setTimeout(begin, 10))
    })
    expect([code, message]).toEqual([
      'PEER_FAILED',
      expect.stringContaining('anna threw: Error: on purpose'),
    ])
    expect(process.listenerCount('uncaughtException')).toBe(0)
  })
})

describe('when a world has ended', () => {
  const { setTimeout: real } = globalThis

  it('what its scenario and its hubs still do is no fault of it', async () => {
    const failing = await outcome((world) => {
      world.peer('anna', ({ transport }) => {
        const hub = createHub({ transport, onError: () => {} })
        real(() => hub.connect('mem:ben').catch(() => {}), 20)
        return Object.create(hub, { size: { get: () => (hub.size > 0 ? 7 : 0) } })
      })
      throw new Error('on purpose')
    })
    expect(failing.faults).toHaveLength(1)
    const hanging = await outcome(
      async () => {
        await new Promise((resolve) => real(resolve, 20))
        throw new Error('too late')
      },
      { duration: 10 },
    )
    expect(hanging.faults).toHaveLength(1)
  })
})
