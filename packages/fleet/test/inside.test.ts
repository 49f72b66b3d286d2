import { until } from '@conn-hub/testkit'
import { afterEach, describe, expect, it } from 'vitest'
import { type Engine, type Fleet, joinFleet, memoryEngine } from '../src/index.js'
import { Ends, machineOn, type TestMachine, untilEqual, viewOf } from './fixture.js'

const FAST = { lease: 1_000, poll: 10, batch: 5 } as const

const ends = new Ends()
afterEach(() => ends.all())

interface Self {
  machine?: TestMachine
  readonly engine: Engine
  /** Fleets that were joined inside. */
  readonly more: Fleet[]
}

/** What can be called, and whether the machine is gone after it. */
const METHODS: Record<string, { run(self: Self): unknown; ends?: true }> = {
  'find, entries, machines and changes': {
    run: ({ machine }) => {
      const fleet = machine?.fleet
      const reader = fleet?.changes()
      const promises = [fleet?.find('anna'), fleet?.machines(), reader?.next(), reader?.return()]
      const settled = Promise.allSettled(promises)
      return [settled, [...(fleet?.entries() ?? [])], fleet?.state, fleet?.since]
    },
  },
  'on, and its end': {
    run: ({ machine }) => {
      const stop = machine?.fleet.on('state', () => {})
      stop?.()
      stop?.()
    },
  },
  'drain twice': {
    run: ({ machine }) => [machine?.fleet.drain(), machine?.fleet.drain()],
  },
  'joinFleet of the same hub': {
    run: ({ machine, engine, more }) => {
      if (!machine || more.length > 0 || machine.hub.closed) return
      more.push(joinFleet(machine.hub, { ...FAST, engine, machine: 'second' }))
    },
  },
  'leave twice': {
    run: ({ machine }) => [machine?.fleet.leave(), machine?.fleet.leave()],
    ends: true,
  },
  'the end of the hub': { run: ({ machine }) => void machine?.hub.close(), ends: true },
}

/** Where foreign code is called. Each gives options of a fleet, or listens to it. */
const CALLBACKS: Record<
  string,
  (call: () => void, engine: Engine) => { options?: object; listen?(machine: TestMachine): void }
> = {
  'publish()': (call) => ({ options: { publish: () => void call() } }),
  'a listener of state': (call) => ({ listen: ({ fleet }) => void fleet.on('state', call) }),
  'a listener of errors': (call) => ({
    options: {
      publish: () => {
        throw new Error('no')
      },
    },
    listen: ({ fleet }) => void fleet.on('error', call),
  }),
  'a listener of the hub': (call) => ({
    listen: ({ hub }) => {
      hub.on('connected', call)
      hub.on('change', call)
      hub.on('close', call)
    },
  }),
  'a reader of changes': (call) => ({
    listen: async ({ fleet }) => {
      for await (const _ of fleet.changes()) call()
    },
  }),
  ...Object.fromEntries(
    (['renew', 'publish', 'changes', 'release'] as const).map((name) => [
      `${name}() of an engine`,
      (call: () => void, engine: Engine) => {
        const own = (...args: never[]) => {
          call()
          return (engine[name] as (...args: never[]) => unknown)(...args)
        }
        return { options: { engine: { ...engine, [name]: own } } }
      },
    ]),
  ),
}

describe.each(Object.keys(CALLBACKS))('inside %s', (where) => {
  it.each(Object.keys(METHODS))('may be called: %s', async (name) => {
    const engine = memoryEngine()
    const self: Self = { engine, more: [] }
    const method = METHODS[name] as (typeof METHODS)[string]
    let calls = 0
    const call = () => {
      if (!self.machine) return
      // A reader that reads inside itself has no end.
      if (++calls <= 5) method.run(self)
    }
    const { options, listen } = CALLBACKS[where]?.(call, engine) ?? {}
    const other = ends.add(machineOn(engine, { ...FAST, machine: 'other' }), (one) => one.end())
    const begin = { engine, ...FAST, machine: 'one', ...options }
    const one = ends.add(machineOn(begin.engine, begin), (each) => each.end())
    self.machine = one
    listen?.(one)
    one.add('anna')
    one.add('ben')
    await until(() => calls > 0 || where.startsWith('release'), 'it was called')
    if (method.ends) {
      if (where.startsWith('release')) await one.fleet.leave()
      await until(() => viewOf(other).length === 0, 'it is gone, and nothing of it is left')
      expect(one.fleet.state).toBe('isolated')
      await expect(one.fleet.find('anna')).rejects.toMatchObject({ code: 'FLEET_LEFT' })
      return
    }
    other.add('carla')
    const want = ['one anna', 'one ben', 'other carla']
    const more = self.more.length > 0 ? ['second anna', 'second ben'] : []
    const isSeen = () => [one, other].every((each) => `${viewOf(each)}` === `${[...want, ...more]}`)
    await until(isSeen, 'all is seen everywhere')
    await Promise.all(self.more.map((fleet) => fleet.leave()))
    await untilEqual([one, other])
    for (const code of one.codes) expect(code).toBe('PUBLISH_FAILED')
    await one.fleet.leave()
    expect(calls).toBeGreaterThan(0)
  })
})
