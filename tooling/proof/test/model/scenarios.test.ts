import { it } from 'vitest'
import { holds } from './scenario.js'

// Stories that are easy to get wrong, by name. A story that the model finds goes here, as it is printed.

it('a second dial waits for a disconnect that never ends, until its deadline', () =>
  holds([
    { do: 'inbound', address: 'fault:a', closes: 'refuse' },
    { do: 'disconnect', address: 'fault:a' },
    { do: 'connect', address: 'fault:a' },
    { do: 'connect', address: 'fault:b' },
    { do: 'wait', ms: 5_000 },
  ]))

it('both sides dial at once, their link closes, and our dial goes with it', () =>
  holds([
    { do: 'connect', address: 'fault:a' },
    { do: 'inbound', address: 'fault:a', closes: 'at-once' },
    { do: 'remote close', session: 0 },
    { do: 'answer', dial: 0, again: false, closes: 'later' },
  ]))

it('a dial is cancelled by its last caller, and answers all the same', () =>
  holds([
    { do: 'connect', address: 'fault:a', signal: 0 },
    { do: 'connect', address: 'fault:a', timeout: 100 },
    { do: 'abort', signal: 0 },
    { do: 'wait', ms: 100 },
    { do: 'answer', dial: 0, again: false, closes: 'at-once' },
    { do: 'answer', dial: 0, again: true, closes: 'at-once' },
  ]))

it('disconnect, connect, disconnect: the last call counts', () =>
  holds([
    { do: 'inbound', address: 'fault:a', closes: 'refuse' },
    { do: 'disconnect', address: 'fault:a' },
    { do: 'connect', address: 'fault:a', data: { n: 1 } },
    { do: 'disconnect', address: 'fault:a' },
    { do: 'remote close', session: 0 },
  ]))

it('one of two sessions does not close, and the entry comes back with it', () =>
  holds([
    { do: 'inbound', address: 'fault:a', closes: 'later' },
    { do: 'inbound', address: 'fault:a', closes: 'reject' },
    { do: 'disconnect', address: 'fault:a' },
    { do: 'connect', address: 'fault:a' },
  ]))

it('the hub closes in the middle of everything', () =>
  holds([
    { do: 'inbound', address: 'fault:a', closes: 'refuse' },
    { do: 'disconnect', address: 'fault:a' },
    { do: 'connect', address: 'fault:a' },
    { do: 'connect', address: 'fault:b' },
    { do: 'reset' },
    { do: 'close' },
    { do: 'connect', address: 'fault:a' },
    { do: 'close' },
    { do: 'wait', ms: 5_000 },
  ]))

it('a handler dials anew what has just failed, and closes the hub at the next failure', () =>
  holds([
    { do: 'answer dials', how: 'fails' },
    { do: 'react', step: { do: 'connect', address: 'fault:b' } },
    { do: 'react', step: { do: 'close' } },
    { do: 'connect', address: 'fault:a' },
  ]))

it('a hold that is never released ends with the patience for holds', () =>
  holds([
    { do: 'connect', address: 'fault:a', timeout: 1 },
    { do: 'hold', dial: 0, why: 'bye' },
    { do: 'connect', address: 'fault:a', timeout: 20_000 },
    { do: 'wait', ms: 5_000 },
    { do: 'wait', ms: 5_000 },
    { do: 'release', hold: 0 },
    { do: 'answer', dial: 0, again: false, closes: 'at-once' },
  ]))

it('two holds, one after the other, share one deadline', () =>
  holds([
    { do: 'connect', address: 'fault:a' },
    { do: 'hold', dial: 0, why: 'bye' },
    { do: 'wait', ms: 5_000 },
    { do: 'release', hold: 0 },
    { do: 'hold', dial: 0, why: 'bye' },
    { do: 'wait', ms: 5_000 },
  ]))

it('of two holds one is released, twice: the clock stands until the other is', () =>
  holds([
    { do: 'answer dials', how: 'held' },
    { do: 'connect', address: 'fault:a', timeout: 100 },
    { do: 'hold', dial: 0, why: 'é'.repeat(200) },
    { do: 'release', hold: 0 },
    { do: 'release', hold: 0 },
    { do: 'wait', ms: 5_000 },
    { do: 'release', hold: 1 },
    { do: 'wait', ms: 100 },
    { do: 'release', hold: 1 },
  ]))

it('two sessions hang, one can be destroyed: the entry comes back with the other', () =>
  holds([
    { do: 'inbound', address: 'fault:a', closes: 'refuse', destroys: 'nothing' },
    { do: 'inbound', address: 'fault:a', closes: 'refuse' },
    { do: 'disconnect', address: 'fault:a', reason: 'hub-closed' },
    { do: 'connect', address: 'fault:a' },
    { do: 'wait', ms: 5_000 },
    { do: 'remote close', session: 1, reason: 'bye' },
    { do: 'remote close', session: 0, reason: 'bye' },
  ]))

it('a session that is destroyed in vain is not destroyed again', () =>
  holds([
    { do: 'inbound', address: 'fault:a', closes: 'reject', destroys: 'throw' },
    { do: 'disconnect', address: 'fault:a' },
    { do: 'disconnect', address: 'fault:a' },
    { do: 'close' },
  ]))

it('a session that is handed over late twice has one deadline', () =>
  holds([
    { do: 'connect', address: 'fault:a' },
    { do: 'reset' },
    { do: 'answer', dial: 0, again: false, closes: 'refuse', destroys: 'nothing' },
    { do: 'answer', dial: 0, again: true, closes: 'refuse' },
    { do: 'remote close', session: 0 },
    { do: 'wait', ms: 5_000 },
  ]))

it('a session closes while its address is described', () =>
  holds([
    { do: 'react', at: 'describe()', step: { do: 'remote close', session: 0 } },
    { do: 'inbound', address: 'fault:a', closes: 'at-once' },
  ]))

it('one of two sessions is asked alone, then all are: the reason of the last call counts', () =>
  holds([
    { do: 'inbound', address: 'fault:a', closes: 'refuse' },
    { do: 'inbound', address: 'fault:a', closes: 'refuse' },
    { do: 'disconnect session', session: 1, reason: 'bye' },
    { do: 'connect', address: 'fault:a' },
    { do: 'wait', ms: 100 },
    { do: 'disconnect', address: 'fault:a', reason: 'a\u0007\u202eb' },
    { do: 'remote close', session: 0 },
    { do: 'remote close', session: 0, reason: 'hub-closed' },
    { do: 'remote close', session: 1, reason: 'hub-closed' },
  ]))

it('the only session that nobody closes leaves: who connects waits for the other, and dials', () =>
  holds([
    { do: 'inbound', address: 'fault:a', closes: 'refuse' },
    { do: 'inbound', address: 'fault:a', closes: 'refuse' },
    { do: 'disconnect session', session: 0, reason: 'bye' },
    { do: 'remote close', session: 1, error: 'the wire broke' },
    { do: 'connect', address: 'fault:a', data: { n: 1 } },
    { do: 'remote close', session: 0, reason: 'bye' },
    { do: 'answer', dial: 0, again: false, closes: 'at-once', proves: 'none' },
  ]))

it('a session proves another key than its address, than the caller, and than ours', () =>
  holds([
    { do: 'connect', address: 'fault:a' },
    { do: 'inbound', address: 'fault:a', closes: 'throw', destroys: 'throw', proves: 'other' },
    { do: 'answer', dial: 0, again: false, closes: 'later', proves: 'other' },
    { do: 'connect', address: 'fault:anonymous', key: 'a' },
    { do: 'connect', address: 'fault:anonymous', key: 'other', data: { n: 2 } },
    { do: 'inbound', address: 'fault:anonymous', closes: 'at-once', proves: 'none' },
    { do: 'answer', dial: 0, again: false, closes: 'at-once', proves: 'other' },
    { do: 'connect', address: 'fault:b' },
    { do: 'answer', dial: 0, again: false, closes: 'reject', proves: 'ours' },
  ]))

it('a handler disconnects what another call waits to connect to: the last call counts', () =>
  holds([
    { do: 'inbound', address: 'fault:a', closes: 'refuse' },
    { do: 'disconnect', address: 'fault:a' },
    { do: 'connect', address: 'fault:a' },
    { do: 'react', at: '*', step: { do: 'disconnect', address: 'fault:a' } },
    { do: 'remote close', session: 0 },
  ]))

it('who waits because the only session is being closed gets the next one that opens', () =>
  holds([
    { do: 'inbound', address: 'fault:a', closes: 'refuse' },
    { do: 'inbound', address: 'fault:a', closes: 'at-once' },
    { do: 'disconnect session', session: 1 },
    { do: 'remote close', session: 0 },
    { do: 'connect', address: 'fault:a' },
    { do: 'inbound', address: 'fault:a', closes: 'at-once' },
  ]))
