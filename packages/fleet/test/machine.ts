import { Redis } from 'ioredis'
import { type Fleet, joinFleet, redisEngine } from '../src/index.js'
import { Digest, digestOf } from './digest.js'
import { createToyHub, type ToyHub } from './toy-hub.js'

// Some machines in a process of their own. Arguments: port, name, machines, peers of each, lease in ms, poll.
const [port, name, count, peers, lease, poll] = process.argv.slice(2)

/** What can be asked. */
export type Question =
  | { readonly ask: 'hubs' }
  | { readonly ask: 'views' }
  | { readonly ask: 'told' }
  | { readonly ask: 'states' }
  | { readonly ask: 'stir' }

interface Machine {
  readonly toy: ToyHub
  readonly fleet: Fleet
  /** What a reader of its changes has put together. */
  readonly told: Digest
}

const machines: Machine[] = []
let stirred = 0

const fold = async (fleet: Fleet, told: Digest): Promise<void> => {
  for await (const { added, removed } of fleet.changes()) {
    for (const { machine, key } of removed) told.remove(`${machine} ${key}`)
    for (const { machine, key } of added) told.add(`${machine} ${key}`)
  }
}

for (let at = 0; at < Number(count); at++) {
  const client = new Redis(Number(port), '127.0.0.1', {
    enableOfflineQueue: false,
    retryStrategy: () => 100,
  })
  client.on('error', () => {})
  const toy = createToyHub()
  for (let peer = 0; peer < Number(peers); peer++) toy.add(`${name}.${at}.${peer}`)
  const fleet = joinFleet(toy.hub, {
    engine: redisEngine(client),
    machine: `${name}.${at}`,
    lease: Number(lease),
    poll: poll === 'block' ? 'block' : Number(poll),
  })
  fleet.on('error', () => {})
  const told = new Digest()
  fold(fleet, told)
  machines.push({ toy, fleet, told })
}

const answers: Record<Question['ask'], () => unknown> = {
  hubs: () =>
    digestOf(
      machines.flatMap(({ toy, fleet }) =>
        [...toy.hub.entries()].map(({ key }) => `${fleet.machine} ${key}`),
      ),
    ),
  views: () =>
    machines.map(({ fleet }) =>
      digestOf([...fleet.entries()].map(({ machine, key }) => `${machine} ${key}`)),
    ),
  told: () => machines.map(({ told }) => `${told}`),
  states: () => machines.map(({ fleet }) => fleet.state),
  stir: () => {
    stirred++
    for (const [at, { toy }] of machines.entries()) {
      for (let peer = 0; peer < 5; peer++) {
        toy.remove(`toy:${name}.${at}.${stirred * 5 + peer}`)
        toy.add(`${name}.${at}.new-${stirred}-${peer}`)
      }
    }
    return stirred
  },
}

process.on('message', ({ ask }: Question) => process.send?.(answers[ask]()))
process.on('disconnect', () => process.exit())
