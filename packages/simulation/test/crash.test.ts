import { createHub, type HubError } from '@conn-hub/core'
import { expect, it } from 'vitest'
import { type Peer, type Setup, simulate } from '../src/index.js'

it('a process that crashes sets no timer any more that runs, not by a promise either', async () => {
  const ran: string[] = []
  await simulate({ seed: 1, duration: 1_000 }, async (world) => {
    const anna = world.peer('anna')
    const late = () => setTimeout(() => ran.push('late'), 10)
    anna.run(() => void Promise.resolve().then(late))
    anna.crash()
    await world.wait(100)
    expect(() => anna.run(late)).toThrow('has crashed')
  })
  expect(ran).toEqual([])
})

it('what the steps of one peer leave is its own, also where a condition runs code of another', async () => {
  const ran: string[] = []
  await simulate({ seed: 1, duration: 1_000 }, async (world) => {
    const [anna, ben] = [world.peer('anna'), world.peer('ben')]
    world.always(() => anna.run(() => true))
    const late = () => void setTimeout(() => ran.push('late'), 10)
    ben.run(() => void setTimeout(() => Promise.resolve().then(late), 10))
    await world.wait(15)
    ben.crash()
    await world.wait(100)
  })
  expect(ran).toEqual([])
})

it('one process that wakes runs what it slept through, and nothing of another that sleeps on', async () => {
  const ran: string[] = []
  await simulate({ seed: 1, duration: 60_000 }, async (world) => {
    const [anna, ben] = [world.peer('anna'), world.peer('ben')]
    const later = (what: string) => () =>
      void setTimeout(() => ran.push(`${what} ${world.now}`), 10)
    for (const peer of [ben, anna]) peer.run(later(peer.name))
    ben.sleep(2_000)
    anna.sleep(1_000)
    await world.wait(5_000)
  })
  expect(ran).toEqual(['anna 1001', 'ben 2001'])
})

it('a link that was on its way to a process which crashes in its sleep is closed', async () => {
  await simulate({ seed: 1, duration: 60_000 }, async (world) => {
    const [anna, ben] = [world.peer('anna'), world.peer('ben')]
    anna.hub.connect(ben.address).catch(() => {})
    await world.wait(1)
    anna.sleep(10_000)
    await world.eventually(() => ben.hub.size === 1, 100)
    await world.wait(1_000)
    anna.crash()
    await world.eventually(() => ben.hub.size === 0, 100)
  })
})

it('what the scenario does after a call of a peer is its own, and survives that peer', async () => {
  const ran: string[] = []
  await simulate({ seed: 1, duration: 60_000 }, async (world) => {
    const [anna, ben] = [world.peer('anna'), world.peer('ben')]
    await anna.hub.connect(ben.address)
    setTimeout(() => ran.push('after connect()'), 10)
    await anna.hub.connect(anna.address).catch(() => {})
    setTimeout(() => ran.push('after an error'), 20)
    anna.crash()
    await anna.hub.connect(ben.address).catch(() => {})
    await world.wait(100)
  })
  expect(ran).toEqual(['after connect()', 'after an error'])
})

it('a crash takes the calls of its own process, and no others', async () => {
  const codes: string[] = []
  await simulate({ seed: 1, duration: 60_000 }, async (world) => {
    const [anna, ben, carla] = ['anna', 'ben', 'carla'].map((name) => world.peer(name)) as [
      Peer,
      Peer,
      Peer,
    ]
    world.network.silence(anna, carla)
    world.network.silence(ben, carla)
    const code = ({ code }: HubError) => codes.push(code)
    const calls = [anna, ben].map(({ hub }) => hub.connect(carla.address).catch(code))
    await world.wait(100)
    ben.crash()
    for (const call of [() => ben.hub.update(carla.address, {}), () => ben.hub.on('*', () => {})]) {
      expect(call).toThrow('has crashed')
    }
    await Promise.all(calls)
  })
  expect(codes).toEqual(['PEER_DOWN', 'DIAL_TIMEOUT'])
})

it('nobody answers for one that crashed silently, and the machine answers for one that did not', async () => {
  const codes: string[] = []
  await simulate({ seed: 1, duration: 60_000 }, async (world) => {
    const [anna, ben] = [world.peer('anna'), world.peer('ben')]
    for (const silent of [true, false]) {
      ben.restart()
      ben.crash({ silent })
      const dial = anna.hub.connect(ben.address, { timeout: 1_000 })
      await dial.catch(({ code }: HubError) => codes.push(code))
    }
  })
  expect(codes).toEqual(['DIAL_TIMEOUT', 'DIAL_FAILED'])
})

it('a link that comes up after the network has healed, to one that had crashed, is no ghost', async () => {
  await simulate({ seed: 1, duration: 700 }, async (world) => {
    world.network.set({ latency: 500, jitter: 0 })
    const [anna, ben] = [world.peer('anna'), world.peer('ben')]
    anna.hub.connect(ben.address).catch(() => {})
    await world.wait(600)
    ben.crash({ silent: true })
  })
})

it('a process that throws while it starts is none: nothing of it runs, nobody reaches it, and it can start again', async () => {
  const ran: string[] = []
  let isBroken = true
  const setup: Setup = ({ transport }) => {
    const hub = createHub({ transport })
    if (!isBroken) return hub
    setInterval(() => ran.push('tick'), 10)
    throw new Error('a wrong configuration')
  }
  await simulate({ seed: 1, duration: 60_000 }, async (world) => {
    const ben = world.peer('ben')
    expect(() => world.peer('anna', setup)).toThrow('a wrong configuration')
    await expect(ben.hub.connect('mem:anna')).rejects.toThrow('nobody is at mem:anna')
    isBroken = false
    const anna = world.peer('anna', setup)
    await ben.hub.connect('mem:anna')
    isBroken = true
    expect(() => anna.restart()).toThrow('a wrong configuration')
    await world.wait(1_000)
    expect([anna.isUp, ben.hub.size, ran]).toEqual([false, 0, []])
    isBroken = false
    anna.restart()
    await ben.hub.connect('mem:anna')
  })
  expect(ran).toEqual([])
})
