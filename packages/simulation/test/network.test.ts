import { createHub, type HubError } from '@conn-hub/core'
import { describe, expect, it } from 'vitest'
import { type Peer, type Scenario, simulate, type World } from '../src/index.js'

/** What a scenario with two peers saw, that ends well. */
const seen = async (
  scenario: (world: World, anna: Peer, ben: Peer, see: (what: unknown) => void) => unknown,
): Promise<unknown[]> => {
  const sights: unknown[] = []
  const play: Scenario = async (world) => {
    world.network.set({ latency: 20, jitter: 0 })
    const [anna, ben] = [world.peer('anna'), world.peer('ben')]
    await scenario(world, anna, ben, (what) => sights.push(what))
  }
  await simulate({ seed: 1, duration: 200_000 }, play)
  return sights
}

const codeOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'fine',
    ({ code }: HubError) => code,
  )

describe('the network of a world', () => {
  it('takes its latency each way', async () => {
    expect(
      await seen(async (world, anna, ben, see) => {
        await anna.hub.connect(ben.address)
        see(world.now)
        world.network.set({ latency: 100 })
        await anna.hub.disconnect(ben.address)
        see(world.now)
      }),
    ).toEqual([40, 240])
  })

  it('keeps the order of what one link carries, whatever its jitter', async () => {
    const heard = await seen(async (world, anna, ben, see) => {
      world.network.set({ jitter: 500 })
      ben.hub.on('connected', ({ session }) => session.handle.onMessage(see))
      const link = await anna.hub.connect(ben.address)
      for (let number = 1; number <= 20; number++) link.send(number)
    })
    expect(heard).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
  })

  it('loses dials as often as it is told', async () => {
    const codes = await seen(async (world, anna, ben, see) => {
      world.network.set({ lossOfDials: 1 })
      see(await codeOf(anna.hub.connect(ben.address, { timeout: 1_000 })))
      world.network.set({ lossOfDials: 0 })
      see(await codeOf(anna.hub.connect(ben.address, { timeout: 1_000 })))
    })
    expect(codes).toEqual(['DIAL_TIMEOUT', 'fine'])
  })

  it('lets nothing through a partition, and tells both ends of what was lost when it heals', async () => {
    const sights = await seen(async (world, anna, ben, see) => {
      const carla = world.peer('carla')
      await anna.hub.connect(ben.address)
      await anna.hub.connect(carla.address)
      const heal = world.network.partition([anna], [ben])
      see(await codeOf(anna.hub.disconnect(ben.address)))
      see(await codeOf(anna.hub.connect(ben.address, { timeout: 1_000 })))
      see(await codeOf(carla.hub.connect(ben.address)))
      see([anna, ben, carla].map(({ hub }) => hub.snapshot().map(({ address }) => address)))
      heal()
      await world.wait(100)
      see(ben.hub.snapshot().map(({ address }) => address))
      see(await codeOf(anna.hub.connect(ben.address)))
    })
    expect(sights).toEqual([
      // The hub destroys what does not close: its promise is kept.
      'fine',
      'DIAL_TIMEOUT',
      'fine',
      [['mem:carla'], ['mem:anna', 'mem:carla'], ['mem:anna', 'mem:ben']],
      ['mem:carla'],
      'fine',
    ])
  })

  it('leaves a link alone that lost nothing', async () => {
    const states = await seen(async (world, anna, ben, see) => {
      await anna.hub.connect(ben.address)
      const heal = world.network.partition([anna], [ben])
      await world.wait(10_000)
      heal()
      await world.wait(10_000)
      see([anna.hub.getState(ben.address), ben.hub.getState(anna.address)])
    })
    expect(states).toEqual([['connected', 'connected']])
  })

  it('is silent in one direction alone', async () => {
    const heard = await seen(async (world, anna, ben, see) => {
      anna.hub.on('connected', ({ session }) => session.handle.onMessage(see))
      ben.hub.on('connected', ({ session }) => session.handle.onMessage(see))
      const link = await anna.hub.connect(ben.address)
      const end = world.network.silenceOneWay(anna, ben)
      link.send('from anna')
      link.peer?.send('from ben')
      await world.wait(1_000)
      end()
      await world.wait(1_000)
      see(anna.hub.size)
    })
    expect(heard).toEqual(['from ben', 0])
  })

  it('resets the links between two peers, and tells both ends an error', async () => {
    const events = await seen(async (world, anna, ben, see) => {
      await anna.hub.connect(ben.address)
      for (const { hub } of [anna, ben]) {
        hub.on('disconnected', ({ initiator, error }) => see(`${initiator} ${error}`))
      }
      world.network.reset(ben, anna)
      await world.wait(100)
      see('soon')
    })
    const told = 'remote Error: the network broke the link'
    expect(events).toEqual([told, told, 'soon'])
  })

  it('delays what comes to a slow reader', async () => {
    const times = await seen(async (world, anna, ben, see) => {
      world.network.slow(ben, 5_000)
      await anna.hub.connect(ben.address)
      see(world.now)
    })
    expect(times).toEqual([5_040])
  })

  it('tells both ends of a link that has lost something as soon as all is healed', async () => {
    const events = await seen(async (world, anna, ben, see) => {
      const link = await anna.hub.connect(ben.address)
      for (const { hub } of [anna, ben]) hub.on('disconnected', ({ initiator }) => see(initiator))
      world.network.silence(anna, ben)
      anna.run(() => link.send('lost'))
      await world.wait(100)
      world.network.heal()
      await world.wait(100)
      see('soon')
    })
    expect(events).toEqual(['remote', 'remote', 'soon'])
  })

  it('tells the ends of such a link nothing while something else still parts them', async () => {
    const events = await seen(async (world, anna, ben, see) => {
      const link = await anna.hub.connect(ben.address)
      for (const { hub } of [anna, ben]) hub.on('disconnected', ({ initiator }) => see(initiator))
      const [heal, end] = [world.network.partition([anna], [ben]), world.network.silence(anna, ben)]
      anna.run(() => link.send('lost'))
      await world.wait(100)
      heal()
      await world.wait(100)
      see('still silent')
      end()
      await world.wait(100)
      see('soon')
    })
    expect(events).toEqual(['still silent', 'remote', 'remote', 'soon'])
  })

  it('is healed of slow readers and of losses, too', async () => {
    const times = await seen(async (world, anna, ben, see) => {
      world.network.slow(ben, 5_000)
      world.network.set({ lossOfDials: 1 })
      world.network.heal()
      await anna.hub.connect(ben.address)
      see(world.now)
    })
    expect(times).toEqual([40])
  })
})

describe('a peer that crashes', () => {
  it('is noticed by the others at once, and its calls are lost', async () => {
    const sights = await seen(async (world, anna, ben, see) => {
      await anna.hub.connect(ben.address)
      const pending = codeOf(ben.hub.disconnect(anna.address))
      ben.crash()
      see(await pending)
      await world.wait(21)
      see(anna.hub.size)
      see(await codeOf(anna.hub.connect(ben.address)))
      see(await codeOf(ben.hub.connect(anna.address)))
      see(ben.isUp)
      ben.restart()
      see(await codeOf(anna.hub.connect(ben.address)))
    })
    expect(sights).toEqual(['PEER_DOWN', 0, 'DIAL_FAILED', 'PEER_DOWN', false, 'fine'])
  })

  it('silently is noticed when it answers again, or when the network heals', async () => {
    const sights = await seen(async (world, anna, ben, see) => {
      const link = await anna.hub.connect(ben.address)
      ben.crash({ silent: true })
      await world.wait(10_000)
      see(anna.hub.size)
      see(await codeOf(anna.hub.connect(`${ben.address}`, { timeout: 500 })))
      ben.restart()
      await world.wait(1_000)
      see(anna.hub.size)
      link.send('are you there?')
      await world.wait(100)
      see(anna.hub.size)
    })
    expect(sights).toEqual([1, 'fine', 1, 0])
  })

  it('runs no code any more: its timers, its listeners, its dials', async () => {
    const ran: string[] = []
    const setup = (name: string) => () => ran.push(name)
    await simulate({ seed: 1, duration: 60_000 }, async (world) => {
      const ben = world.peer('ben')
      let starts = 0
      const anna = world.peer('anna', ({ transport }) => {
        const life = ++starts
        const hub = createHub({ transport })
        setInterval(setup(`${life}: interval`), 1_000)
        setTimeout(setup(`${life}: timer`), 1_000)
        hub.on('disconnected', setup(`${life}: disconnected`))
        hub.connect(ben.address).then(setup(`${life}: connected`))
        hub.connect('mem:nobody').catch(setup(`${life}: failed`))
        // By a chain of microtasks, too, that began in its setup.
        void (async () => {
          for (let hop = 0; hop < 5; hop++) await undefined
          setTimeout(setup(`${life}: late timer`), 1_000)
        })()
        return hub
      })
      await world.wait(10)
      anna.crash()
      await world.wait(10_000)
      expect([ran, ben.hub.size]).toEqual([[], 0])
      anna.restart()
      await world.wait(900)
      expect([...ran].sort()).toEqual(['2: connected', '2: failed'])
      anna.crash({ silent: true })
    })
    expect(ran).toHaveLength(2)
  })
})

describe('a peer that sleeps', () => {
  it('stands still, and finds everything at once when it wakes, in its order', async () => {
    const lines: string[] = []
    await simulate({ seed: 1, duration: 60_000 }, async (world) => {
      world.network.set({ latency: 20, jitter: 0 })
      const say = (what: string) => () => lines.push(`${world.now} ${what}`)
      const anna = world.peer('anna', ({ transport }) => {
        const hub = createHub({ transport })
        const begun = Date.now()
        setTimeout(() => say(`timer, ${Date.now() - begun} ms later`)(), 1_000)
        const never = setTimeout(say('never'), 2_000)
        setTimeout(() => clearTimeout(never), 1_500)
        let ticks = 0
        const interval = setInterval(() => {
          say('tick')()
          if (++ticks === 2) clearInterval(interval)
        }, 600)
        hub.on('connected', ({ session }) => session.handle.onMessage((text) => say(`${text}`)()))
        return hub
      })
      const ben = world.peer('ben')
      const link = await ben.hub.connect(anna.address)
      anna.sleep(10_000)
      for (const text of ['one', 'two']) link.send(text)
      await world.wait(9_990)
      link.send('three')
      await world.wait(100)
    })
    expect(lines).toEqual([
      '10041 one',
      '10042 two',
      '10043 tick',
      '10044 timer, 10044 ms later',
      '10050 three',
      '10200 tick',
    ])
  })

  it('and crashes in its sleep is noticed by whoever has sent it something', async () => {
    const sizes = await seen(async (world, anna, ben, see) => {
      const link = await anna.hub.connect(ben.address)
      ben.sleep(10_000)
      world.network.silenceOneWay(ben, anna)
      link.send('are you there?')
      await world.wait(1_000)
      ben.crash()
      await world.wait(1_000)
      see(anna.hub.size)
      world.network.heal()
      ben.restart()
      link.send('are you there?')
      await world.wait(1_000)
      see(anna.hub.size)
    })
    expect(sizes).toEqual([1, 0])
  })

  it('does what the scenario asks it for when it wakes', async () => {
    const times = await seen(async (world, anna, ben, see) => {
      anna.sleep(5_000)
      await anna.hub.connect(ben.address)
      see(Math.round(world.now / 10))
    })
    expect(times).toEqual([504])
  })

  it('wakes when all is to be quiet', async () => {
    const { timeline } = await simulate({ seed: 1, duration: 1_000 }, (world) => {
      world.peer('anna').sleep(1_000_000_000)
    })
    expect(timeline.map(({ at, what }) => `${at} ${what}`)).toContain('1000 wake')
  })
})
