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
