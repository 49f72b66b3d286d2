import { HubError } from '@conn-hub/core'
import { FaultSession } from '@conn-hub/testkit'
import { describe, expect, it } from 'vitest'
import type { Connection } from '../src/connection.js'
import { type Input, type Step, transition } from '../src/transition.js'

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

const INPUTS = {
  dial: { type: 'dial', key: 'k', kind: 'lan', data: { new: true } },
  open: { type: 'open', session: third },
  'open again': { type: 'open', session: first },
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
const outline = (from: keyof typeof ENTRIES, { next, event }: Step<FaultSession>): string => {
  const entry =
    next === ENTRIES[from] ? 'same' : next ? `${next.state} ${next.sessions.length}` : 'none'
  return event ? `${entry}, ${event.type}` : entry
}

type Row = Record<keyof typeof INPUTS, string>
const TABLE: Record<keyof typeof ENTRIES, Row> = {
  none: {
    dial: 'connecting 0, connecting',
    open: 'connected 1, connected',
    'open again': 'connected 1, connected',
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
    open: 'connected 1, connected',
    'open again': 'connected 1, connected',
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
    open: 'connected 2',
    'open again': 'same',
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
    open: 'connected 3',
    'open again': 'same',
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
    open: 'same',
    'open again': 'same',
    fail: 'same',
    close: 'same',
    'close fails': 'same',
    closed: 'none, disconnected',
    'closed, unknown session': 'none, disconnected',
    'cancel done': 'none, disconnected',
    update: 'disconnecting 0',
  },
  disconnecting: {
    dial: 'same',
    open: 'same',
    'open again': 'same',
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
    open: 'same',
    'open again': 'same',
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

  it('come from the dial, then from the session, then from the address', () => {
    const keyOf = (entry: Entry, session: FaultSession, key?: string) =>
      transition<FaultSession>(entry, { type: 'open', session, key }, moment).next?.key
    const stranger = new FaultSession('inbound')
    expect(keyOf(ENTRIES.connecting, new FaultSession('outbound', 'other'))).toBe('k')
    expect(keyOf(undefined, new FaultSession('inbound', 'proved'), 'said')).toBe('proved')
    expect(keyOf(undefined, stranger, 'said')).toBe('said')
    expect(keyOf(undefined, stranger)).toBeUndefined()
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
})
