import { conformance, createMemoryNetwork } from '@conn-hub/conformance'
import { describe, it } from 'vitest'
import {
  compose,
  createDrain,
  gate,
  ipPrefix,
  limitDials,
  limitInbound,
  limitSessions,
  onePerPeer,
  type Policy,
} from '../src/index.js'

const soon = <T>(value: T) => new Promise<T>((resolve) => setTimeout(resolve, 1, value))

const STACKS: Record<string, () => Policy[]> = {
  limitDials: () => [limitDials({ parallel: 1, queue: 100, queueTimeout: 60_000 })],
  limitSessions: () => [limitSessions({ inbound: 100, outbound: 100, perKey: 100 })],
  'limitSessions that prunes': () => [
    limitSessions({ inbound: 100, outbound: 100, whenFull: 'prune' }),
  ],
  limitInbound: () => [limitInbound({ by: ipPrefix(), max: 100, per: 1_000, concurrent: 100 })],
  'a gate that answers at once': () => [
    gate({ beforeDial: () => true, beforeAccept: () => true, beforeSession: () => true }),
  ],
  'a gate that takes its time': () => [
    gate({
      beforeDial: () => soon(true),
      beforeAccept: () => soon(true),
      beforeSession: () => soon(true),
    }),
  ],
  // The rules are about each link: it must not end one in the middle of them.
  onePerPeer: () => [onePerPeer({ settle: 60_000 })],
  createDrain: () => [createDrain()],
  'the whole stack': () => [
    limitInbound({ by: () => 'all', max: 1_000, per: 1_000, concurrent: 100 }),
    gate({ beforeDial: () => soon(true), beforeSession: () => soon(true) }),
    limitSessions({ inbound: 100, outbound: 100, perKey: 100 }),
    limitDials({ parallel: 2 }),
    createDrain(),
  ],
}

describe.each(Object.entries(STACKS))('%s', { concurrent: true }, (_, stack) => {
  const cases = conformance({
    setup: () => {
      const network = createMemoryNetwork({ latency: 1 })
      const peer = (name: string) => {
        const endpoint = network.endpoint(name)
        return { transport: compose(endpoint, ...stack()), address: endpoint.address }
      }
      return {
        peers: [peer('anna'), peer('ben')],
        deadAddress: 'mem:nobody',
        noAddress: 'http://anna',
      }
    },
  })
  for (const { name, run } of cases) {
    it(name, async ({ skip }) => {
      const lacks = await run()
      if (lacks !== undefined) skip(lacks)
    })
  }
})
