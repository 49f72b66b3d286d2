import { HubError } from '@conn-hub/core'
import { FaultSession } from '@conn-hub/testkit'
import { describe, expect, it } from 'vitest'
import type { Connection } from '../src/model/connection.js'
import { type Input, type Step, transition } from '../src/state/transition.js'

type Entry = Connection<FaultSession> | undefined

const [first, second] = [new FaultSession('outbound', 'k'), new FaultSession('inbound', 'k')]
const third = new FaultSession('outbound', 'k')
const error = new HubError('DIAL_FAILED', 'no route')

const fields = {
  address: 'a',
  key: 'k',
  kind: 'lan',
  data: { name: 'x' },
  createdAt: 10,
  since: 20,
  updatedAt: 30,
}
const ENTRIES = {
  none: undefined,
  connecting: { ...fields, state: 'connecting', sessions: [] },
  held: { ...fields, state: 'connecting', sessions: [], waits: 'its turn' },
  connected: { ...fields, state: 'connected', sessions: [first] },
  'connected twice': { ...fields, state: 'connected', sessions: [first, second] },
  cancelling: { ...fields, state: 'disconnecting', sessions: [], reason: 'bored' },
  disconnecting: { ...fields, state: 'disconnecting', sessions: [first], reason: 'bored' },
  'disconnecting twice': {
    ...fields,
    state: 'disconnecting',
    sessions: [first, second],
    reason: 'bored',
  },
} satisfies Record<string, Entry>

// What is given must not be touched: here, writing to it throws.
Object.freeze(fields.data)
for (const entry of Object.values(ENTRIES)) {
  Object.freeze(entry)
  Object.freeze(entry?.sessions)
}

const NAME = { key: 'k', kind: 'lan' }
/** A session as the port reads it. */
const opening = (session: FaultSession) => {
  const { handle, direction, key } = session
  return { session, handle, direction, key, kind: undefined }
}
const stranger = new FaultSession('outbound', 'other')

const INPUTS = {
  dial: { type: 'dial', name: NAME, data: { new: true } },
  hold: { type: 'hold', waits: 'a place' },
  release: { type: 'hold', waits: undefined },
  open: { type: 'open', opening: opening(third), name: NAME },
  'open again': { type: 'open', opening: opening(first), name: NAME },
  'open, wrong peer': { type: 'open', opening: opening(stranger), name: NAME },
  fail: { type: 'fail', error },
  close: { type: 'close', reason: 'later' },
  'close fails': { type: 'close-failed', error },
  closed: { type: 'closed', session: first },
  'closed, unknown session': { type: 'closed', session: third },
  'cancel done': { type: 'closed' },
  update: { type: 'update', data: { colour: 'red' } },
} satisfies Record<string, Input<FaultSession>>

const moment = { address: 'a', seq: 7, at: 100 }
const step = (from: keyof typeof ENTRIES, input: keyof typeof INPUTS): Step<FaultSession> =>
  transition<FaultSession>(ENTRIES[from], INPUTS[input], moment)

/** `same`: the very entry that went in. Otherwise the state, the count of sessions, and the event. */
const outline = (
  from: keyof typeof ENTRIES,
  { next, event, refused }: Step<FaultSession>,
): string => {
  const entry =
    next === ENTRIES[from] ? 'same' : next ? `${next.state} ${next.sessions.length}` : 'none'
  return [entry, event?.type, refused].filter((part) => part).join(', ')
}

type Row = Record<keyof typeof INPUTS, string>
const TABLE: Record<keyof typeof ENTRIES, Row> = {
  none: {
    dial: 'connecting 0, connecting',
    hold: 'same',
    release: 'same',
    open: 'connected 1, connected',
    'open again': 'connected 1, connected',
    'open, wrong peer': 'same, wrong-peer',
    fail: 'same',
    close: 'same',
    'close fails': 'same',
    closed: 'same',
    'closed, unknown session': 'same',
    'cancel done': 'same',
    update: 'same',
  },
  connecting: {
    dial: 'same',
    hold: 'connecting 0',
    release: 'same',
    open: 'connected 1, connected',
    'open again': 'connected 1, connected',
    'open, wrong peer': 'same, wrong-peer',
    fail: 'none, connecting-failed',
    close: 'disconnecting 0, disconnecting',
    'close fails': 'same',
    closed: 'same',
    'closed, unknown session': 'same',
    'cancel done': 'same',
    update: 'connecting 0',
  },
  held: {
    dial: 'same',
    hold: 'connecting 0',
    release: 'connecting 0',
    open: 'connected 1, connected',
    'open again': 'connected 1, connected',
    'open, wrong peer': 'same, wrong-peer',
    fail: 'none, connecting-failed',
    close: 'disconnecting 0, disconnecting',
    'close fails': 'same',
    closed: 'same',
    'closed, unknown session': 'same',
    'cancel done': 'same',
    update: 'connecting 0',
  },
  connected: {
    dial: 'same',
    hold: 'same',
    release: 'same',
    open: 'connected 2',
    'open again': 'same',
    'open, wrong peer': 'same, wrong-peer',
    fail: 'same',
    close: 'disconnecting 1, disconnecting',
    'close fails': 'same',
    closed: 'none, disconnected',
    'closed, unknown session': 'same',
    'cancel done': 'same',
    update: 'connected 1',
  },
  'connected twice': {
    dial: 'same',
    hold: 'same',
    release: 'same',
    open: 'connected 3',
    'open again': 'same',
    'open, wrong peer': 'same, wrong-peer',
    fail: 'same',
    close: 'disconnecting 2, disconnecting',
    'close fails': 'same',
    closed: 'connected 1',
    'closed, unknown session': 'same',
    'cancel done': 'same',
    update: 'connected 2',
  },
  cancelling: {
    dial: 'same',
    hold: 'same',
    release: 'same',
    open: 'same, disconnecting',
    'open again': 'same, disconnecting',
    'open, wrong peer': 'same, disconnecting',
    fail: 'same',
    close: 'same',
    'close fails': 'same',
    closed: 'same',
    'closed, unknown session': 'same',
    'cancel done': 'none, disconnected',
    update: 'disconnecting 0',
  },
  disconnecting: {
    dial: 'same',
    hold: 'same',
    release: 'same',
    open: 'same, disconnecting',
    'open again': 'same, disconnecting',
    'open, wrong peer': 'same, disconnecting',
    fail: 'same',
    close: 'same',
    'close fails': 'connected 1, disconnecting-failed',
    closed: 'none, disconnected',
    'closed, unknown session': 'same',
    'cancel done': 'same',
    update: 'disconnecting 1',
  },
  'disconnecting twice': {
    dial: 'same',
    hold: 'same',
    release: 'same',
    open: 'same, disconnecting',
    'open again': 'same, disconnecting',
    'open, wrong peer': 'same, disconnecting',
    fail: 'same',
    close: 'same',
    'close fails': 'connected 2, disconnecting-failed',
    closed: 'disconnecting 1',
    'closed, unknown session': 'same',
    'cancel done': 'same',
    update: 'disconnecting 2',
  },
}

const from = Object.keys(TABLE) as (keyof typeof ENTRIES)[]
const inputs = Object.keys(INPUTS) as (keyof typeof INPUTS)[]

describe.each(from)('an entry that is %s', (state) => {
  it.each(inputs)('takes %s as the table says', (input) => {
    expect(outline(state, step(state, input))).toBe(TABLE[state][input])
  })

  it('keeps its birth, its key and its kind as long as it lives', () => {
    for (const input of inputs) {
      const { next } = step(state, input)
      const born = state === 'none' ? 100 : 10
      if (next) expect([next.createdAt, next.address]).toEqual([born, 'a'])
      if (next && state !== 'none') expect([next.key, next.kind]).toEqual(['k', 'lan'])
    }
  })
})

describe('the events', () => {
  const base = { seq: 7, at: 100, address: 'a', key: 'k' }

  it('carry what happened, when and to whom', () => {
    const events = [
      step('none', 'dial').event,
      step('none', 'open').event,
      step('connecting', 'fail').event,
      step('connected', 'close').event,
      step('disconnecting', 'close fails').event,
      step('disconnecting', 'closed').event,
      step('connected', 'closed').event,
    ]
    expect(events).toStrictEqual([
      { ...base, type: 'connecting' },
      { ...base, type: 'connected', session: third, direction: 'outbound' },
      { ...base, type: 'connecting-failed', error },
      { ...base, type: 'disconnecting', reason: 'later', initiator: 'local' },
      { ...base, type: 'disconnecting-failed', error },
      { ...base, type: 'disconnected', reason: 'bored', initiator: 'local' },
      { ...base, type: 'disconnected', reason: 'session-closed', initiator: 'remote' },
    ])
  })

  it('carry the error of a link that broke', () => {
    const input = { type: 'closed', session: first, error: 'ECONNRESET' } as const
    const { event } = transition<FaultSession>(ENTRIES.connected, input, moment)
    expect(event).toMatchObject({ type: 'disconnected', error: 'ECONNRESET' })
  })
})

describe('the times of an entry', () => {
  it('say when the state began and when anything changed', () => {
    const times = ({ next }: Step<FaultSession>) => [next?.since, next?.updatedAt]
    expect(times(step('none', 'dial'))).toEqual([100, 100])
    expect(times(step('connecting', 'open'))).toEqual([100, 100])
    expect(times(step('connected', 'open'))).toEqual([20, 100])
    expect(times(step('connected', 'close'))).toEqual([100, 100])
    expect(times(step('disconnecting', 'close fails'))).toEqual([100, 100])
    expect(times(step('disconnecting twice', 'closed'))).toEqual([20, 100])
    expect(times(step('connected', 'update'))).toEqual([20, 100])
  })
})

describe('the data and the key', () => {
  it('are merged by an update and survive every change of state', () => {
    expect(step('connected', 'update').next?.data).toEqual({ name: 'x', colour: 'red' })
    expect(step('connecting', 'open').next?.data).toEqual({ name: 'x' })
    expect(step('connected', 'close').next?.data).toEqual({ name: 'x' })
    expect(step('disconnecting', 'close fails').next?.data).toEqual({ name: 'x' })
  })

  it('are those that a session proves, then those that were named', () => {
    const keyOf = (entry: Entry, session: FaultSession, key?: string) => {
      const input = { type: 'open', opening: opening(session), name: { key } } as const
      return transition<FaultSession>(entry, input, moment).next?.key
    }
    const silent = new FaultSession('inbound')
    expect(keyOf(ENTRIES.connecting, silent)).toBe('k')
    expect(keyOf({ ...ENTRIES.connecting, key: undefined }, stranger)).toBe('other')
    expect(keyOf({ ...ENTRIES.connected, key: undefined }, stranger)).toBe('other')
    expect(keyOf(undefined, stranger)).toBe('other')
    expect(keyOf(undefined, silent, 'said')).toBe('said')
    expect(keyOf(undefined, silent)).toBeUndefined()
  })

  it('are never those of a session that contradicts what was proved or named', () => {
    for (const state of ['none', 'connecting', 'connected'] as const) {
      expect(step(state, 'open, wrong peer')).toEqual({
        next: ENTRIES[state],
        refused: 'wrong-peer',
      })
    }
  })

  it('have the kind of an open session before that of the address', () => {
    const dht = { ...opening(third), kind: 'dht' }
    const kindOf = (entry: Entry) =>
      transition<FaultSession>(entry, { type: 'open', opening: dht, name: NAME }, moment).next?.kind
    expect([kindOf(undefined), kindOf(ENTRIES.connecting), kindOf(ENTRIES.connected)]).toEqual([
      'dht',
      'dht',
      'dht',
    ])
  })

  it('say what holds a dial up, until it goes on or ends', () => {
    const waits = ({ next }: Step<FaultSession>) => next && 'waits' in next && next.waits
    expect(waits(step('connecting', 'hold'))).toBe('a place')
    expect(waits(step('held', 'update'))).toBe('its turn')
    expect(waits(step('held', 'release'))).toBeUndefined()
    expect(step('held', 'open').next).not.toHaveProperty('waits')
    expect(step('held', 'close').next).not.toHaveProperty('waits')
  })

  it('leave no reason behind when a disconnect fails', () => {
    expect(step('disconnecting', 'close fails').next).not.toHaveProperty('reason')
  })
})

describe('a session that closes', () => {
  it('and is of no entry changes nothing', () => {
    const entry = ENTRIES.connected as Entry
    expect(
      transition(entry, { type: 'closed', session: third }, { address: 'a', seq: 1, at: 40 }),
    ).toEqual({
      next: entry,
    })
  })

  it('before the last one leaves the reason of the disconnect', () => {
    const entry = ENTRIES['disconnecting twice'] as Entry
    const moment = { address: 'a', seq: 1, at: 40 }
    const { next } = transition(entry, { type: 'closed', session: first }, moment)
    expect(next).toMatchObject({ state: 'disconnecting', reason: 'bored', sessions: [second] })
    const { event } = transition(next, { type: 'closed', session: second }, moment)
    expect(event).toMatchObject({ type: 'disconnected', reason: 'bored', initiator: 'local' })
  })

  it('says whose reason counts: ours where we asked, else the word of the other side', () => {
    const told = (entry: Entry, how: object) => {
      const input = { type: 'closed', session: first, ...how } as const
      const { event, ended } = transition<FaultSession>(entry, input, moment)
      if (event?.type === 'disconnected') expect(event.reason).toBe(ended?.reason)
      return [ended?.reason, ended?.initiator]
    }
    expect(told(ENTRIES.connected, {})).toEqual(['session-closed', 'remote'])
    expect(told(ENTRIES.connected, { reason: 'going away' })).toEqual(['going away', 'remote'])
    expect(told(ENTRIES.connected, { reason: 'x', asked: 'idle' })).toEqual(['idle', 'local'])
    expect(told(ENTRIES['connected twice'], { asked: 'idle' })).toEqual(['idle', 'local'])
    expect(told(ENTRIES.disconnecting, { reason: 'x' })).toEqual(['bored', 'local'])
  })
})
