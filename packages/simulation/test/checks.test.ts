import { createHub, decorate } from '@conn-hub/core'
import { describe, expect, it } from 'vitest'
import { type Scenario, type Setup, simulate } from '../src/index.js'

const outcome = async (scenario: Scenario, duration = 60_000) => {
  try {
    const { happenings } = await simulate({ seed: 1, duration }, scenario)
    return { code: 'fine', message: `${happenings} happenings`, faults: [] }
  } catch (error) {
    return error as { code: string; message: string; faults: { message: string }[] }
  }
}

/** Never closes what it turns away or drops: its sessions cannot be heard, nor closed. */
const deaf: Setup = ({ transport }) =>
  createHub({
    transport: decorate(transport, {
      listen: (_accept, side, inner) => inner(() => {}, side),
    }),
    onError: () => {},
  })

describe('a world in which all is well', () => {
  it('ends with a report', async () => {
    const report = await simulate({ seed: 7, duration: 1_000 }, async (world) => {
      const [anna, ben] = [world.peer('anna'), world.peer('ben')]
      await anna.hub.connect(ben.address)
      await anna.hub.disconnect(ben.address, { reason: 'enough' })
    })
    expect(report).toMatchObject({ seed: 7, hash: expect.stringMatching(/^[0-9a-f]{16}$/) })
    const events = report.timeline.filter(({ seq }) => seq !== undefined)
    expect(events.map(({ peer, seq, what }) => `${peer} ${seq} ${what}`)).toEqual([
      'anna 1 connecting mem:ben',
      'ben 1 connected mem:anna inbound',
      'anna 2 connected mem:ben outbound',
      'anna 3 disconnecting mem:ben local, enough',
      'ben 2 disconnected mem:anna remote, enough',
      'anna 4 disconnected mem:ben local, enough',
    ])
    expect(report.happenings).toBe(report.timeline.length)
  })
})

describe('a world is told', () => {
  it('GHOST where a link is open and in no entry, or the other side does not have it', async () => {
    const { code, faults } = await outcome(async (world) => {
      const [anna, ben] = [world.peer('anna'), world.peer('ben', deaf)]
      await anna.hub.connect(ben.address)
    }, 100)
    expect(code).toBe('CONTRACT_BROKEN')
    expect(faults.map(({ message }) => message)).toEqual([
      expect.stringContaining('a session is open and in no entry'),
    ])
  })

  it('GHOST where only the pair of hubs shows it', async () => {
    const { code, message } = await outcome(async (world) => {
      const [anna, ben] = [world.peer('anna'), world.peer('ben')]
      await anna.hub.connect(ben.address)
      // As if it had closed, and nobody had said so.
      anna.hub.snapshot()[0]?.sessions[0]?.handle.peer?.vanish()
    })
    expect([code, message]).toEqual([
      'GHOST',
      'Seed 1, after 150.000 s: ben: link 1 with anna is open, and the other side does not have it',
    ])
  })

  it('CALL_PENDING where a call has not settled', async () => {
    const { code, message } = await outcome((world) => {
      const anna = world.peer('anna', ({ transport }) => {
        const hub = createHub({ transport })
        return Object.create(hub, { connect: { value: () => new Promise(() => {}) } })
      })
      void anna.hub.connect('mem:ben')
    })
    expect([code, message]).toEqual([
      'CALL_PENDING',
      expect.stringContaining('anna: connect("mem:ben")'),
    ])
  })

  it('CALL_PENDING where a hub does not close', async () => {
    const { code, message } = await outcome((world) => {
      world.peer('anna', ({ transport }) => {
        const hub = createHub({ transport })
        return Object.create(hub, { close: { value: () => new Promise(() => {}) } })
      })
    })
    expect([code, message]).toEqual([
      'CALL_PENDING',
      expect.stringContaining('anna: close(), at the end'),
    ])
  })

  it('TIMER_LEFT says of an immediate what it is, and nothing of a signal that nobody can clear', async () => {
    const { code } = await outcome(() => void AbortSignal.timeout(3_600_000))
    expect(code).toBe('fine')
    const { message } = await outcome(() => {
      const again = () => setImmediate(again)
      again()
    })
    expect(message).toContain('the scenario: an immediate, due in 1 ms, that calls "again"')
  })

  it('TIMER_LEFT where a timer outlives the hubs, and whose it is', async () => {
    const ticking: Setup = ({ transport }) => {
      setInterval(function retry() {}, 7_000)
      return createHub({ transport })
    }
    const { code, faults } = await outcome((world) => {
      world.peer('anna', ticking)
      setTimeout(() => {}, 3_600_000)
    })
    expect(code).toBe('TIMER_LEFT')
    expect(faults.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^anna: an interval of 7000 ms, due in \d+ ms, that calls "retry"$/),
      expect.stringMatching(/^the scenario: a timer of 3600000 ms, due in \d+ ms, that calls a f/),
    ])
  })

  it('NOT_ALWAYS at the moment where it does not hold any more', async () => {
    const { code, message } = await outcome(async (world) => {
      const [anna, ben] = [world.peer('anna'), world.peer('ben')]
      world.always(() => anna.hub.size === 0, 'nobody dials')
      await world.wait(500)
      await anna.hub.connect(ben.address)
    })
    expect(code).toBe('NOT_ALWAYS')
    expect(message).toBe('Seed 1, after 0.500 s: it does not hold any more: nobody dials')
  })

  it('NOT_EVENTUALLY where it does not come true in time, or throws', async () => {
    expect(
      await outcome(async (world) => {
        const anna = world.peer('anna')
        await world.eventually(() => anna.hub.size > 0, 2_000)
      }),
    ).toMatchObject({
      code: 'NOT_EVENTUALLY',
      message:
        'Seed 1, after 2.000 s: it did not come true within 2000 ms: () => anna.hub.size > 0',
    })
    const throws = await outcome((world) => {
      world.eventually(() => {
        throw new Error('on purpose')
      }, 10)
    })
    expect(throws).toMatchObject({ code: 'NOT_EVENTUALLY', cause: new Error('on purpose') })
    const late = await outcome((world) => void world.eventually(() => false, 10_000_000, 'never'))
    expect(late.message).toContain('it had not come true when the world ended: never')
  })

  it('SCENARIO_FAILED where the scenario throws, at once or later', async () => {
    for (const scenario of [
      () => {
        throw new Error('on purpose')
      },
      async (world) => {
        await world.wait(10)
        throw new Error('on purpose')
      },
      (world) => {
        world.at(10, () => {
          throw new Error('on purpose')
        })
      },
      (world) => {
        world.every(10, async () => {
          throw new Error('on purpose')
        })
      },
    ] satisfies Scenario[]) {
      expect(await outcome(scenario)).toMatchObject({
        code: 'SCENARIO_FAILED',
        cause: new Error('on purpose'),
      })
    }
  })

  it('PEER_FAILED where code of a peer throws in a timer, and who it is', async () => {
    const { code, message } = await outcome((world) => {
      world.peer('anna', ({ transport }) => {
        setTimeout(() => {
          throw new Error('on purpose')
        }, 40)
        return createHub({ transport })
      })
    })
    expect(code).toBe('PEER_FAILED')
    expect(message).toBe('Seed 1, after 0.040 s: anna threw: Error: on purpose')
  })

  it('SCENARIO_HANGS where time stands still', async () => {
    const { code, message } = await outcome(async () => {
      for (;;) await new Promise((resolve) => setImmediate(resolve))
    })
    expect([code, message]).toEqual([
      'SCENARIO_HANGS',
      expect.stringContaining('time stands still'),
    ])
  })

  it('SCENARIO_HANGS where it never ends, and what it waits for', async () => {
    const silent: Scenario = async (world) => {
      const [anna, ben] = [world.peer('anna'), world.peer('ben')]
      world.network.silence(anna, ben)
      await anna.hub.connect(ben.address)
    }
    const { code, message } = await outcome(silent, 1_000)
    expect(code).toBe('SCENARIO_HANGS')
    expect(message).toBe(
      'Seed 1, after 1.000 s: the scenario has not ended within 1000 ms. Still open: the call anna: connect("mem:ben").',
    )
  })

  it('SCENARIO_HANGS where it waits for a peer that sleeps, and says so', async () => {
    const { code, message } = await outcome(async (world) => {
      const anna = world.peer('anna')
      anna.sleep(5_000)
      await anna.hub.close()
    }, 1_000)
    expect(code).toBe('SCENARIO_HANGS')
    expect(message).toContain('Still open: the call anna (asleep): close().')
  })

  it('what it does with a world that is over', async () => {
    let late: (() => unknown) | undefined
    await simulate({ seed: 1, duration: 10 }, (world) => {
      late = () => world.peer('late')
    })
    expect(late).toThrow('This world is over')
  })
})

describe('bad input', () => {
  it.each([
    [{ seed: -1, duration: 1 }, 'seed'],
    [{ seed: 1.5, duration: 1 }, 'seed'],
    [{ seed: 2 ** 31, duration: 1 }, 'seed'],
    [{ seed: 1, duration: 0 }, 'duration'],
    [{ seed: 1, duration: Number.POSITIVE_INFINITY }, 'duration'],
    [{ seed: 1, duration: 1, quiet: -1 }, 'quiet'],
  ])('of simulate() is refused by name: %j', async (options, name) => {
    await expect(simulate(options, () => {})).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringContaining(`"${name}"`),
    })
  })

  it('of a world is refused by name, and fails the scenario', async () => {
    const bad: [Scenario, string][] = [
      [(world) => void world.peer('no spaces'), 'name'],
      [(world) => void [world.peer('a'), world.peer('a')], 'name'],
      [(world) => void world.peer('a', (() => ({})) as never), 'The setup of the peer "a"'],
      [(world) => void world.peer('a', 1 as never), 'setup'],
      [(world) => void world.peer('a', undefined, { dialTimeout: -1 }), 'dialTimeout'],
      [(world) => world.at(-1, () => {}), 'ms'],
      [(world) => world.at(1, 1 as never), 'run'],
      [(world) => void world.every(0, () => {}), 'ms'],
      [(world) => void world.wait(-1), 'ms'],
      [(world) => world.always(1 as never), 'holds'],
      [(world) => void world.eventually(() => true, -1), 'within'],
      [(world) => world.network.set({ latency: -1 }), 'latency'],
      [(world) => world.network.set({ lossOfDials: 2 }), 'lossOfDials'],
      [(world) => void world.network.silence('a', 1 as never), 'peer'],
      [(world) => void world.random.pick([]), 'list'],
    ]
    for (const [scenario, name] of bad) {
      const { code, message } = await outcome(scenario)
      expect([code, message]).toEqual(['SCENARIO_FAILED', expect.stringContaining(name)])
    }
  })
})
