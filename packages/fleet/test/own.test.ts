import type { Connection } from '@conn-hub/core'
import { until } from '@conn-hub/testkit'
import { expect, it, vi } from 'vitest'
import { joinFleet, memoryEngine } from '../src/index.js'
import { FAST, machinesOfTest, untilEqual, viewOf } from './fixture.js'
import { createToyHub } from './toy-hub.js'

// What a machine shows is put together of what its hub tells: it must be what the hub has, whatever happens within one batch.
const { ends, machine } = machinesOfTest()

/** Says which entry it is; some are kept from the others. */
const publish = ({ address, data }: Connection<object>) => {
  const { hidden, number } = data as { hidden?: boolean; number?: number }
  return hidden ? false : `${address} ${number ?? 0}`
}

/** Numbers below `most`, the same ones for the same seed. */
const numbers = (seed: number) => {
  let state = seed
  return (most: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return Math.floor((state / 2 ** 31) * most)
  }
}

it.each([1, 2, 3, 4, 5, 6])(
  'is what the hub has, whatever happens in between: %s',
  async (seed) => {
    const below = numbers(seed)
    const engine = memoryEngine()
    const one = machine(engine, { machine: 'one', publish })
    const other = machine(engine)
    const { hub } = one
    // In the last rounds each key has one address, so that what is known without asking is played, too.
    const keyOf = (round: number, address: number) =>
      round >= 20 ? `key-${address}` : address % 4 === 3 ? undefined : `key-${address % 4}`
    const step = (round: number) => {
      const address = below(8)
      const name = `toy:${address}`
      const kind = below(4)
      if (!hub.get(name)) one.add(keyOf(round, address), name)
      else if (kind === 0) hub.update(name, { number: below(100) })
      else if (kind === 1 && round % 10 < 5) hub.update(name, { hidden: below(2) === 0 })
      else one.remove(name)
    }
    const shownBy = (key: string) => hub.byKey(key).map(publish).find(Boolean)
    const wanted = () =>
      [...hub.entries()]
        .filter(({ key, address }) => key === undefined || hub.byKey(key)[0]?.address === address)
        .map((entry) => (entry.key === undefined ? publish(entry) : shownBy(entry.key)))
        .filter(Boolean)
        .sort()
        .join()
    const dataOf = ({ fleet }: typeof other) => [...fleet.entries()].map(({ data }) => data)
    for (let round = 0; round < 40; round++) {
      if (round === 20) for (let at = 0; at < 8; at++) one.remove(`toy:${at}`)
      for (let left = 1 + below(6); left > 0; left--) step(round)
      const isShown = () => [one, other].every((each) => dataOf(each).sort().join() === wanted())
      await until(isShown, `round ${round} is seen`)
    }
  },
)

it('asks the hub for no key while each has one entry', async () => {
  const toy = createToyHub()
  const byKey = vi.fn(toy.hub.byKey)
  const hub = new Proxy({} as typeof toy.hub, {
    get: (_, name) => (name === 'byKey' ? byKey : Reflect.get(toy.hub, name)),
  })
  const engine = memoryEngine()
  const other = machine(engine)
  const fleet = ends.add(joinFleet(hub, { ...FAST, engine, machine: 'one' }), (one) => one.leave())
  await fleet.ready
  const sees = (...keys: string[]) =>
    until(() => viewOf(other).join() === keys.map((key) => `one ${key}`).join(), `${keys}`)
  toy.add('anna')
  toy.add('ben')
  await sees('anna', 'ben')
  // Within one batch: one leaves, one comes and goes, one is back by another address, and one has changed.
  toy.remove('toy:anna')
  toy.add('carla')
  toy.remove('toy:carla')
  toy.remove('toy:ben')
  toy.add('ben', 'toy:ben-again')
  toy.hub.update('toy:ben-again', { colour: 'green' })
  await sees('ben')
  expect(byKey).not.toHaveBeenCalled()
  toy.add('ben')
  toy.remove('toy:ben-again')
  toy.add('dora')
  await sees('ben', 'dora')
  toy.add('ben', 'toy:ben-again')
  toy.remove('toy:dora')
  await sees('ben')
  expect(byKey).toHaveBeenCalled()
})

it('shows the one that stays, where another one of its key came and went', async () => {
  const engine = memoryEngine()
  const one = machine(engine, { machine: 'one', publish })
  await one.fleet.ready
  const seen = async () => (await one.fleet.find('anna')).map(({ data }) => data)
  one.add('anna', 'first')
  await until(async () => `${await seen()}` === 'first 0', 'the first')
  one.add('anna', 'second')
  one.remove('second')
  one.add('ben')
  await until(async () => (await one.fleet.find('ben')).length === 1, 'what has happened is seen')
  expect(await seen()).toEqual(['first 0'])
})

it('takes nobody away because publish() has changed the hub meanwhile', async () => {
  const engine = memoryEngine()
  const calls: string[] = []
  const one = machine(engine, {
    machine: 'one',
    publish: ({ key }: Connection<object>) => {
      if (key !== 'ben' || calls.length > 0) return
      calls.push('ben')
      one.add('carla', 'toy:carla-again')
      one.remove('toy:anna')
    },
  })
  await one.fleet.ready
  // Two of one key: as many fields as entries are there only by chance, when publish() has brought in another one.
  one.add('anna')
  one.add('anna', 'toy:anna-again')
  await until(() => viewOf(one).length === 1, 'anna is seen')
  one.add('ben')
  one.add('carla')
  one.remove('toy:carla')
  await until(() => calls.length === 1, 'publish() was called')
  one.add('dora')
  await until(() => viewOf(one).includes('one dora'), 'what has happened is seen')
  expect(viewOf(one)).toEqual(['one anna', 'one ben', 'one carla', 'one dora'])
})

it('writes what is, where a peer has come and gone while a batch was on its way', async () => {
  const engine = memoryEngine()
  let release = () => {}
  let onItsWay: Promise<void> | undefined
  const sent: string[] = []
  const slow: typeof engine = {
    ...engine,
    publish: async (batch, keep) => {
      sent.push(...batch.set.filter((_, at) => at % 2 === 0), ...batch.remove)
      await onItsWay
      return engine.publish(batch, keep)
    },
  }
  const one = machine(slow, { machine: 'one', lease: 10_000 })
  const other = machine(engine)
  one.add('anna')
  await untilEqual([one, other])
  onItsWay = new Promise((resolve) => {
    release = resolve
  })
  const batches = async (...changes: (() => void)[]) => {
    for (const change of changes) {
      change()
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
  }
  const [comes, goes] = [() => one.add('anna'), () => one.remove('toy:anna')]
  await batches(
    () => one.add('ben'),
    goes,
    () => [comes(), goes()],
    comes,
    goes,
    comes,
  )
  sent.length = 0
  release()
  await untilEqual([one, other])
  // Each field once, however often it has changed.
  expect(sent).toEqual(['kanna'])
})

it('writes nothing of a peer that came and went within one batch', async () => {
  const engine = memoryEngine()
  const sent: string[] = []
  const spied: typeof engine = {
    ...engine,
    publish: (batch, keep) => {
      sent.push(...batch.set.filter((_, at) => at % 2 === 0), ...batch.remove)
      return engine.publish(batch, keep)
    },
  }
  const one = machine(spied, { machine: 'one' })
  const other = machine(engine)
  await one.fleet.ready
  one.add('anna')
  one.remove('toy:anna')
  one.add('ben')
  await untilEqual([one, other])
  expect(sent).toEqual(['kben'])
})
