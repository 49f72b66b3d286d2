import { createHub, type Hub, type Session, type Transport } from '@conn-hub/core'
import {
  compose,
  createDrain,
  gate,
  limitDials,
  limitInbound,
  limitSessions,
  onePerPeer,
} from '../../src/index.js'

/** What a dial or a session costs with the whole stack or without it, in CPU: one of them in each process, for a process has one of them. */

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

/** So many begin in one turn. */
const AT_ONCE = 100
const ROUNDS = 20_000

type Round = (hub: Hub<object>, open: (address: string) => Session<object>, i: number) => void

const ROUNDS_OF: Record<string, Round> = {
  dial: (hub, _, i) => {
    hub.connect(`dialed-${i}`)
    hub.get(`dialed-${i}`)?.sessions[0]?.close('')
  },
  inbound: (_, open, i) => open(`inbound-${i}`).close(''),
}

/** In µs of CPU for one round. */
const measure = async (wrapped: boolean, round: Round, entries: number) => {
  const { transport, open } = createTransport()
  const hub: Hub<object> = createHub({ transport: wrapped ? stack(transport) : transport })
  for (let i = 0; i < entries; i++) open(`standing-${i}`)
  let last = 0
  const turns = async (rounds: number) => {
    for (const end = last + rounds; last < end; ) {
      for (let i = 0; i < AT_ONCE; i++) round(hub, open, last++)
      await new Promise(setImmediate)
    }
  }
  await turns(3 * ROUNDS)
  const costs: number[] = []
  for (let i = 0; i < 5; i++) {
    const began = process.cpuUsage()
    await turns(ROUNDS)
    const { user, system } = process.cpuUsage(began)
    costs.push((user + system) / ROUNDS)
  }
  return costs.sort((a, b) => a - b)[2]
}

const [, , who, what = '', entries] = process.argv
const round = ROUNDS_OF[what]
if (round) console.log(await measure(who === 'stack', round, Number(entries)))
