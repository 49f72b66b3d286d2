import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import timers, { setTimeout as setTimeoutByName } from 'node:timers'
import { setTimeout as waitFor } from 'node:timers/promises'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { type Scenario, type SimulationError, simulate } from '../src/index.js'

/** What a scenario of a minute notes. */
const noted = async (scenario: Scenario, seed = 1): Promise<string[]> => {
  const { timeline } = await simulate({ seed, duration: 60_000 }, scenario)
  return timeline.map(({ at, what }) => `${at} ${what}`).filter((line) => !line.includes('healed'))
}

const clocks = () => [
  setTimeout,
  setInterval,
  setImmediate,
  clearTimeout,
  Date,
  Math.random,
  AbortSignal.timeout,
]

/** Before any world. */
const REAL = clocks()

describe('the clock of a world', () => {
  it('passes days in a moment of real time, and only by its timers', async () => {
    const { endedAt } = await simulate({ seed: 1, duration: 86_400_000 }, async (world) => {
      const [date, now] = [Date.now(), performance.now()]
      await world.wait(86_000_000)
      expect([Date.now() - date, performance.now() - now]).toEqual([86_000_000, 86_000_000])
      expect(new Date().getUTCFullYear()).toBe(2026)
    })
    expect(endedAt).toBe(86_400_000 + 60_000 + 30_000)
  })

  it('runs timers in the order of their time, and all microtasks of one before the next', async () => {
    const lines = await noted((world) => {
      const say = (what: string) => () => world.note(what)
      setTimeout(() => {
        world.note('first')
        process.nextTick(say('its tick'))
        Promise.resolve()
          .then(say('its promise'))
          .then(() => queueMicrotask(say('its microtask')))
        setImmediate(say('its immediate'))
      }, 5)
      setTimeout(say('second, of the same time'), 5)
      setTimeout(say('earlier'), 4)
      const stop = setTimeout(say('never'), 6)
      setTimeout(() => clearTimeout(stop), 5)
    })
    expect(lines).toEqual([
      '4 earlier',
      '5 first',
      '5 its tick',
      '5 its promise',
      '5 its microtask',
      '5 second, of the same time',
      '6 its immediate',
    ])
  })

  it('is also that of intervals, AbortSignal.timeout() and node:timers/promises', async () => {
    const lines = await noted(async (world) => {
      const interval = setInterval(() => world.note('tick'), 400)
      AbortSignal.timeout(1_000).onabort = () => world.note('aborted')
      await waitFor(1_100)
      clearInterval(interval)
      world.note('waited')
    })
    expect(lines).toEqual(['400 tick', '800 tick', '1000 aborted', '1100 waited'])
  })

  it('is also that of promisify(setTimeout), which belongs to who calls it', async () => {
    const lines = await noted(async (world) => {
      world.note(`${await promisify(setTimeout)(100, 'after 100')}`)
      world.note(`${await promisify(setImmediate)('at once')}`)
      const anna = world.peer('anna')
      anna.run(() => promisify(setTimeout)(100).then(() => world.note('of a dead peer')))
      anna.crash()
    })
    expect(lines).toEqual(['100 after 100', '100 at once', '100 start', '100 crash'])
  })

  it('is also that of node:timers, whose timers end with the peer that set them', async () => {
    const lines = await noted(async (world) => {
      const anna = world.peer('anna')
      anna.run(() => {
        timers.setTimeout(() => world.note('of a dead peer'), 10)
        setTimeoutByName(() => world.note('of a dead peer'), 10)
      })
      anna.crash()
      setTimeoutByName(() => world.note('of the scenario'), 10)
    })
    expect(lines).toEqual(['0 start', '0 crash', '10 of the scenario'])
  })

  it('decides Math.random() by the seed', async () => {
    const numbers: Scenario = (world) => world.note(`${Math.random()} ${world.random()}`)
    expect(await noted(numbers)).toEqual(await noted(numbers))
    expect(await noted(numbers, 2)).not.toEqual(await noted(numbers))
  })

  it('is taken away at the end, also where the scenario throws', async () => {
    const failing = simulate({ seed: 1, duration: 1 }, () => {
      throw new Error('on purpose')
    })
    await expect(failing).rejects.toMatchObject({ code: 'SCENARIO_FAILED' })
    await simulate({ seed: 1, duration: 1 }, () => {})
    expect(clocks()).toEqual(REAL)
  })

  it('is one for the whole process: a second world, or fake timers, are refused', async () => {
    const nested = simulate({ seed: 1, duration: 1 }, () =>
      simulate({ seed: 2, duration: 1 }, () => {}).then(() => {}),
    )
    await expect(nested).rejects.toThrow('The timers are replaced already')
    vi.useFakeTimers()
    const faked = simulate({ seed: 1, duration: 1 }, () => {})
    vi.useRealTimers()
    await expect(faked).rejects.toMatchObject({ code: 'TIME_IN_USE' })
  })
})

describe('a test tool that replaces one timer alone', () => {
  const refused = expect.objectContaining({ code: 'TIME_IN_USE' })
  const play = () => simulate({ seed: 1, duration: 1 }, () => {})

  it.each(['setTimeout', 'setInterval', 'setImmediate'] as const)(
    'is refused: %s of vitest',
    async (timer) => {
      vi.useFakeTimers({ toFake: [timer] })
      onTestFinished(() => void vi.useRealTimers())
      await expect(play()).rejects.toEqual(refused)
    },
  )

  it('is refused: setImmediate of node:test', async ({ skip }) => {
    const { mock } = await import('node:test')
    if (!mock.timers) return skip('Node 18 has no timers there')
    mock.timers.enable({ apis: ['setImmediate'] })
    onTestFinished(() => mock.timers.reset())
    await expect(play()).rejects.toEqual(refused)
  })
})

describe('a scenario that leaves its world', () => {
  it('by a real timer or server is told so by the name of it', async () => {
    const real = setTimeout
    // Three, since one of the test runner's own may end in the meantime.
    const timers: NodeJS.Timeout[] = []
    let server: Server | undefined
    const run = simulate({ seed: 1, duration: 10 }, () => {
      for (let count = 0; count < 3; count++) timers.push(real(() => {}, 60_000))
      server = createServer().listen(0, '127.0.0.1')
    })
    const error = (await run.catch((error) => error)) as SimulationError
    for (const timer of timers) clearTimeout(timer)
    server?.close()
    expect(error.code).toBe('REAL_RESOURCE_LEFT')
    expect(error.message).toContain('it left TCPServerWrap of the real world open')
    expect(error.message).toMatch(/it left Timeout.* of the real world open/)
  })

  it('is given real time to close what it opened, also where the next world begins meanwhile', async () => {
    const { setTimeout: later, setImmediate: next } = globalThis
    const run = simulate({ seed: 1, duration: 10 }, () => {
      const server = createServer().listen(0, '127.0.0.1')
      later(() => server.close(), 100)
    })
    const isOver = () => !(Date as { isFake?: boolean }).isFake
    while (!isOver()) await new Promise((resolve) => next(resolve))
    const long = simulate({ seed: 2, duration: 3_600_000 }, (world) => {
      world.every(100, () => {})
    })
    await expect(Promise.all([run, long])).resolves.toHaveLength(2)
  })

  it('by the disk never ends, and what it waits for is named', async () => {
    const run = simulate({ seed: 1, duration: 10 }, async () => {
      await readFile(new URL(import.meta.url))
    })
    await expect(run).rejects.toMatchObject({
      code: 'SCENARIO_HANGS',
      message: expect.stringMatching(/Still open: FSReq\w+ of the real world/),
    })
  })
})
