import { until } from '@conn-hub/testkit'
import { Redis } from 'ioredis'
import { createClient } from 'redis'
import { afterEach, vi } from 'vitest'
import { type Engine, type Fleet, type FleetOptions, joinFleet, redisEngine } from '../src/index.js'
import { createToyHub, type ToyHub } from './toy-hub.js'

export interface TestMachine extends ToyHub {
  readonly fleet: Fleet
  /** The codes that were told, in their order. */
  readonly codes: string[]
  readonly states: string[]
  /** Leaves, and ends the client. */
  end(): Promise<void>
}

/** Ends what a test has begun, in the other order, however it went. */
export class Ends {
  readonly #ends: (() => unknown)[] = []

  add<T>(thing: T, end: (thing: T) => unknown): T {
    this.#ends.push(() => end(thing))
    return thing
  }

  async all(): Promise<void> {
    for (const end of this.#ends.splice(0).reverse()) await end()
  }
}

export const machineOn = (
  engine: Engine,
  options: FleetOptions<object> = {},
  close: () => unknown = () => {},
): TestMachine => {
  const toy = createToyHub()
  const fleet = joinFleet(toy.hub, { engine, ...options })
  const codes: string[] = []
  const states: string[] = []
  fleet.on('error', ({ code }) => codes.push(code))
  fleet.on('state', ({ state }) => states.push(state))
  const end = async () => {
    await fleet.leave()
    await toy.hub.close()
    await close()
  }
  return { ...toy, fleet, codes, states, end }
}

/** For machines on an engine of the test's own, in which nothing takes long. */
export const FAST = { lease: 1_000, poll: 10, batch: 5 } as const

/** Ends what the tests of a file have begun, after each of them, and with that the time that they may have made their own. */
export const machinesOfTest = () => {
  const ends = new Ends()
  afterEach(async () => {
    await ends.all()
    vi.useRealTimers()
  })
  const machine = (engine: Engine, options = {}) =>
    ends.add(machineOn(engine, { ...FAST, ...options }), (one) => one.end())
  return { ends, machine }
}

export type ClientKind = 'ioredis' | 'redis'

/** A machine with a client of its own, of one library or the other. */
export const machineAt = async (
  port: number,
  kind: ClientKind,
  options: FleetOptions<object> = {},
): Promise<TestMachine> => {
  const url = `redis://127.0.0.1:${port}`
  if (kind === 'ioredis') {
    const retryStrategy = () => 50
    const client = new Redis(url, { enableOfflineQueue: false, retryStrategy })
    client.on('error', () => {})
    return machineOn(redisEngine(client), options, () => client.disconnect())
  }
  const socket = { reconnectStrategy: 50 }
  const client = createClient({ url, socket, disableOfflineQueue: true })
  client.on('error', () => {})
  client.connect().catch(() => {})
  const close = () => {
    clearInterval(watch)
    if (client.isOpen) client.destroy()
  }
  const machine = machineOn(redisEngine(client), options, close)
  // As the README says: after a kill this client can be ready and never answer.
  const watch = setInterval(() => {
    if (machine.fleet.state === 'joined') return
    if (client.isOpen) client.destroy()
    else client.connect().catch(() => {})
  }, 3_000)
  return machine
}

/** `MACHINE KEY` of each entry that a machine sees. */
export const viewOf = ({ fleet }: { fleet: Fleet }): string[] =>
  [...fleet.entries()].map(({ machine, key, address }) => `${machine} ${key ?? address}`).sort()

export const unionOf = (machines: readonly TestMachine[]): string[] =>
  machines
    .flatMap(({ hub, fleet }) =>
      [...hub.entries()].map(({ key, address }) => `${fleet.machine} ${key ?? address}`),
    )
    .sort()

/** All machines are joined, and see the union of their hubs. */
export const untilEqual = async (machines: readonly TestMachine[]): Promise<void> => {
  const isEqual = (machine: TestMachine) =>
    machine.fleet.state === 'joined' && viewOf(machine).join() === unionOf(machines).join()
  const isOver = () => machines.every(isEqual)
  await until(isOver, 'all machines see the union of their hubs').catch((error) => {
    const others = machines.filter((machine) => !isEqual(machine))
    const seen = others.map(({ fleet, codes }) => [
      fleet.machine,
      fleet.state,
      codes,
      viewOf({ fleet }),
    ])
    throw new Error(`${error.message}: ${JSON.stringify(seen)}, not ${unionOf(machines)}`)
  })
}
