import { Redis } from 'ioredis'
import { createClient } from 'redis'
import { type Fleet, joinFleet, redisEngine } from '../src/index.js'
import { Digest, digestOf } from './digest.js'
import { createToyHub, type ToyHub } from './toy-hub.js'

// Some machines in a process of their own. Arguments: port, name, machines, peers of each, lease in ms, poll, client.
const [port, name, count, peers, lease, poll, kind = 'ioredis'] = process.argv.slice(2)

/** What can be asked. */
export type Question =
  | { readonly ask: 'hubs' }
  | { readonly ask: 'views' }
  | { readonly ask: 'told' }
  | { readonly ask: 'states' }
  | { readonly ask: 'stir' }
  | { readonly ask: 'codes' }
  /** For so many ms it does nothing else. */
  | { readonly ask: 'busy'; readonly ms: number }

interface Machine {
  readonly toy: ToyHub
  readonly fleet: Fleet
  /** What a reader of its changes has put together. */
  readonly told: Digest
}

const machines: Machine[] = []
const codes = new Set<string>()
let stirred = 0

const fold = async (fleet: Fleet, told: Digest): Promise<void> => {
  for await (const { added, removed } of fleet.changes()) {
    for (const { machine, key } of removed) told.remove(`${machine} ${key}`)
    for (const { machine, key } of added) told.add(`${machine} ${key}`)
  }
}

const viaIoRedis = () => {
  const options = { enableOfflineQueue: false, retryStrategy: () => 100, socketTimeout: 5_000 }
  const client = new Redis(Number(port), '127.0.0.1', options)
  client.on('error', () => {})
  return { client, watch: () => {} }
}

const viaRedis = () => {
  const socket = { port: Number(port), host: '127.0.0.1', reconnectStrategy: 100 }
  const client = createClient({ socket, disableOfflineQueue: true })
  client.on('error', () => {})
  const connect = () => void client.connect().catch(() => {})
  connect()
  // As the README says.
  const watch = ({ state }: Fleet) => {
    if (state === 'joined') return
    if (client.isOpen) client.destroy()
    else connect()
  }
  return { client, watch }
}

for (let at = 0; at < Number(count); at++) {
  const { client, watch } = kind === 'redis' ? viaRedis() : viaIoRedis()
  const toy = createToyHub()
  for (let peer = 0; peer < Number(peers); peer++) toy.add(`${name}.${at}.${peer}`)
  const fleet = joinFleet(toy.hub, {
    engine: redisEngine(client),
    machine: `${name}.${at}`,
    lease: Number(lease),
    poll: poll === 'block' ? 'block' : Number(poll),
  })
  fleet.on('error', ({ code, message }) => {
    codes.add(code === 'ENGINE_FAILED' ? message : code)
  })
  setInterval(() => watch(fleet), 1_000)
  const told = new Digest()
  fold(fleet, told)
  machines.push({ toy, fleet, told })
}

const answers: Record<Question['ask'], (question: Question) => unknown> = {
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
  codes: () => [...codes],
  busy: (question) => {
    const end = performance.now() + ('ms' in question ? question.ms : 0)
    while (performance.now() < end);
    return end
  },
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

process.on('message', (question: Question) => process.send?.(answers[question.ask](question)))
process.on('disconnect', () => process.exit())
