import type { Source } from '@conn-hub/pull-stream'
import type * as adapter from '@conn-hub/secret-stack'
import { expectTypeOf, it } from 'vitest'
import type { ConnHub } from '../src/conn-hub.js'
import type { Address, ConnectionData, ListenEvent, Rpc, Sbot } from '../src/types.js'

it('1 the types are those that ssb-conn-query imports', () => {
  expectTypeOf<Address>().toEqualTypeOf<string>()
  expectTypeOf<ConnectionData['state']>().toEqualTypeOf<
    'connecting' | 'connected' | 'disconnecting'
  >()
  expectTypeOf<ListenEvent['address']>().toEqualTypeOf<string>()
  expectTypeOf<ConnHub['entries']>().returns.toEqualTypeOf<
    IterableIterator<[Address, ConnectionData]>
  >()
  expectTypeOf<ConnHub['listen']>().returns.toEqualTypeOf<Source<ListenEvent>>()
  expectTypeOf<ConnHub['getState']>().returns.toEqualTypeOf<ConnectionData['state'] | undefined>()
})

it('what is declared without the adapter is what the adapter takes', () => {
  expectTypeOf<Rpc>().toEqualTypeOf<adapter.Rpc>()
  expectTypeOf<Sbot>().toExtend<adapter.Ssb>()
  expectTypeOf<Omit<Sbot, 'peers'>>().toEqualTypeOf<Omit<adapter.Ssb, 'peers'>>()
})
