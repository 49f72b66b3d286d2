import { toTransport } from '@conn-hub/secret-stack'
import { describe, it } from 'vitest'
import * as adapter from '../../secret-stack/test/stub.js'
import * as dropIn from '../../ssb-conn-hub/test/stub-sbot.js'
import { type ConformanceOptions, conformance, type Subject } from '../src/index.js'
import { judge } from './judge.js'

// The sbots that other tests make up keep the rules that real ones keep, as long as they are told nothing else.

interface StubRpc {
  readonly id: string | undefined
  readonly closed?: boolean | undefined
  close(error: unknown, callback: () => void): void
  on(event: 'closed', listener: () => void): unknown
}

interface StubSbot<R> {
  id: string | undefined
  connect(address: string, callback: (error?: unknown, rpc?: R) => void): void
  addListener(event: 'rpc:connect', listener: (rpc: R, isClient?: boolean) => void): unknown
  emit(event: 'rpc:connect', rpc: R, isClient: boolean): unknown
}

const addressOf = (id = '') => `net:10.0.0.1:8008~shs:${id.slice('@'.length, -'.ed25519'.length)}`

/** Two made-up sbots that reach each other. */
const joined = <R extends StubRpc>(
  sbots: () => [StubSbot<R>, StubSbot<R>],
  rpcTo: (id: string, address: string) => R,
): ConformanceOptions<Subject<R>> => ({
  setup: () => {
    const both = sbots()
    const join = (from: StubSbot<R>, to: StubSbot<R>) => {
      from.connect = (address, callback) => {
        if (address !== addressOf(to.id)) return callback(new Error('nobody is there'))
        const [ours, theirs] = [
          rpcTo(to.id ?? '', address),
          rpcTo(from.id ?? '', addressOf(from.id)),
        ]
        ours.on('closed', () => theirs.closed || theirs.close(true, () => {}))
        theirs.on('closed', () => ours.closed || ours.close(true, () => {}))
        to.emit('rpc:connect', theirs, false)
        from.emit('rpc:connect', ours, true)
        callback(null, ours)
      }
    }
    const [a, b] = both
    join(a, b)
    join(b, a)
    return {
      peers: [
        { transport: toTransport(a), address: addressOf(a.id) },
        { transport: toTransport(b), address: addressOf(b.id) },
      ],
      deadAddress: 'net:10.0.0.1:8008~shs:nobody',
      noAddress: 'not an address',
    }
  },
})

const named = <R>(sbot: StubSbot<R>, id: string): StubSbot<R> => Object.assign(sbot, { id })

const STUBS = {
  "the adapter's made-up sbot": conformance(
    joined(
      () => [
        named(new adapter.StubSbot(), adapter.keyOf('a')),
        named(new adapter.StubSbot(), adapter.keyOf('b')),
      ],
      (id, address) => Object.assign(new adapter.StubRpc('x', address), { id }),
    ),
  ),
  "the drop-in's made-up sbot": conformance(
    joined(
      () => [
        named(new dropIn.StubSbot(), dropIn.keyOf('a')),
        named(new dropIn.StubSbot(), dropIn.keyOf('b')),
      ],
      (id, address) => Object.assign(new dropIn.StubRpc('x', address), { id }),
    ),
  ),
}

describe.each(Object.entries(STUBS))('%s', { concurrent: true }, (_, cases) => {
  for (const each of cases) {
    it(each.name, judge(each))
  }
})
