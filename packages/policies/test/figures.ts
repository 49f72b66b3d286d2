import { createHub, type Hub, type Session, type Transport } from '@conn-hub/core'
import {
  compose,
  createDrain,
  gate,
  limitDials,
  limitInbound,
  limitSessions,
  onePerPeer,
} from '../src/index.js'

/** What the whole stack costs beyond the hub alone, in CPU, without a gate that takes time. */

type Accept = Parameters<NonNullable<Transport<object>['listen']>>[0]

const sessionOf = (direction: 'inbound' | 'outbound', key: string) => {
  const listeners: (() => void)[] = []
  const session: Session<object> = {
    handle: {},
    direction,
    key,
    close: () => {
      for (const tell of listeners.splice(0)) tell()
    },
    onClosed: (listener) => void listeners.push(listener),
  }
  return session
}

/** Answers each dial at once. */
const createTransport = () => {
  let accept: Accept = () => {}
  const transport: Transport<object> = {
    self: 'me',
    describe: (address) => ({ key: address }),
    dial: (address, attempt) => attempt.succeed(sessionOf('outbound', address)),
    listen: (take) => {
      accept = take
      return () => {}
    },
  }
  const open = (address: string) => {
    const session = sessionOf('inbound', address)
    accept({ address, session })
    return session
  }
  return { transport, open }
}

const stack = (transport: Transport<object>) =>
  compose(
    transport,
    limitInbound({
      by: ({ address }) => address.slice(0, 8),
      max: 1e6,
      per: 1_000,
      concurrent: 1e6,
    }),
    gate({ beforeDial: () => true, beforeSession: () => true }),
    limitSessions({ inbound: 1e6, outbound: 1e6, perKey: 10 }),
    onePerPeer(),
    limitDials({ parallel: 1_000, queue: 1_000, queueTimeout: 60_000 }),
    createDrain(),
  )

const ROUNDS = 20_000

type Round = (hub: Hub<object>, open: (address: string) => Session<object>, i: number) => void

const ROUNDS_OF: Record<string, Round> = {
  'a dial, its session, and its end': (hub, _, i) => {
    hub.connect(`dialed-${i}`)
    hub.get(`dialed-${i}`)?.sessions[0]?.close('')
  },
  'an inbound session, and its end': (_, open, i) => open(`inbound-${i}`).close(''),
}

/** In µs of CPU for one round. */
const measure = async (
  entries: number,
  round: Round,
  wrap: (transport: Transport<object>) => Transport<object>,
) => {
  const { transport, open } = createTransport()
  const hub: Hub<object> = createHub({ transport: wrap(transport) })
  for (let i = 0; i < entries; i++) open(`standing-${i}`)
  for (let i = 0; i < ROUNDS; i++) round(hub, open, i)
  await new Promise(setImmediate)
  globalThis.gc?.()
  const began = process.cpuUsage()
  for (let i = 0; i < ROUNDS; i++) round(hub, open, i)
  const { user, system } = process.cpuUsage(began)
  await new Promise(setImmediate)
  return (user + system) / ROUNDS
}

for (const [what, round] of Object.entries(ROUNDS_OF)) {
  for (const entries of [100, 10_000]) {
    const costs: number[] = []
    for (let i = 0; i < 5; i++) {
      const bare = await measure(entries, round, (transport) => transport)
      costs.push((await measure(entries, round, stack)) - bare)
    }
    costs.sort((a, b) => a - b)
    const [best = 0, , middle = 0] = costs
    console.log(`${what}, ${entries} entries: ${middle.toFixed(1)} µs, ${best.toFixed(1)} at best`)
  }
}
