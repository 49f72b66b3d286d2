import { MAX, Truncator } from '../plain/truncator.js'
import type { Messages, PlainDown, PlainEntry, PlainError, PlainEvent } from '../protocol.js'
import type { Message } from './message.js'

// A server may be another version, or no inspector at all: what does not have the form is left out, and what has is no more than that form.

type Record_ = Readonly<Record<string, unknown>>

const recordOf = (value: unknown): Record_ =>
  typeof value === 'object' && value !== null ? (value as Record_) : {}
/** No longer than an inspector sends it: what is drawn again and again must not be millions of characters. */
const textOf = (value: unknown, max: number = MAX.text): string | undefined =>
  typeof value === 'string' ? new Truncator().text(value, max) : undefined
const mostOf = (name: string): number => (name === 'address' ? MAX.address : MAX.text)
const numberOf = (value: unknown): number =>
  typeof value === 'number' && Number.isFinite(value) ? value : 0
/** In ms since 1970, as far as dates go. */
const timeOf = (value: unknown): number => Math.min(8.64e15, Math.max(0, numberOf(value)))
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

const textsOf = <N extends string>(from: Record_, ...names: N[]): { [K in N]?: string } =>
  Object.fromEntries(
    names.flatMap((name) => {
      const text = textOf(from[name], mostOf(name))
      return text === undefined ? [] : [[name, text]]
    }),
  ) as { [K in N]?: string }

const errorOf = (value: unknown): { error?: PlainError } => {
  const { message, code } = textsOf(recordOf(value), 'message', 'code')
  return message === undefined ? {} : { error: { message, ...(code !== undefined && { code }) } }
}

const toEntry = (value: unknown): PlainEntry[] => {
  const from = recordOf(value)
  const { address, state } = textsOf(from, 'address', 'state')
  if (address === undefined || state === undefined) return []
  const { sessions, createdAt, since, updatedAt } = from
  const texts = textsOf(from, 'key', 'kind', 'label', 'direction', 'reason', 'waits')
  return [
    {
      ...texts,
      address,
      state,
      sessions: numberOf(sessions),
      createdAt: timeOf(createdAt),
      since: timeOf(since),
      updatedAt: timeOf(updatedAt),
    } as PlainEntry,
  ]
}

const toEvent = (value: unknown): PlainEvent[] => {
  const from = recordOf(value)
  const { address, type } = textsOf(from, 'address', 'type')
  if (address === undefined || type === undefined || !Number.isSafeInteger(from.seq)) return []
  const texts = textsOf(from, 'key', 'direction', 'reason', 'initiator')
  const { seq, at, error } = from
  return [{ seq, at: timeOf(at), type, address, ...texts, ...errorOf(error) } as PlainEvent]
}

const toDown = (value: unknown): PlainDown[] => {
  const from = recordOf(value)
  const address = textOf(from.address, MAX.address)
  if (address === undefined) return []
  const { since, lastAt, tries, isTrying, error } = from
  return [
    {
      ...textsOf(from, 'key', 'kind', 'label', 'reason'),
      ...errorOf(error),
      address,
      since: timeOf(since),
      lastAt: timeOf(lastAt),
      tries: numberOf(tries),
      isTrying: isTrying === true,
    },
  ]
}

const textsIn = (value: unknown): string[] =>
  listOf(value).flatMap((one) => textOf(one, MAX.address) ?? [])

const FORMS: { [N in keyof Messages]?: (data: Record_) => Messages[N] } = {
  hello: (data) => ({
    ...textsOf(data, 'name', 'key'),
    hub: textOf(data.hub) ?? '',
    host: textOf(data.host) ?? '',
    control: data.control === true,
    at: timeOf(data.at),
    startedAt: timeOf(data.startedAt),
    explain: data.explain === true,
    fleet: data.fleet === true,
  }),
  snapshot: ({ seq, entries, more }) => ({
    seq: numberOf(seq),
    entries: listOf(entries).flatMap(toEntry),
    ...(more === true && { more }),
  }),
  changes: ({ seq, set, gone, more }) => ({
    seq: numberOf(seq),
    set: listOf(set).flatMap(toEntry),
    gone: textsIn(gone),
    ...(more === true && { more }),
  }),
  events: ({ events, missed }) => ({
    events: listOf(events).flatMap(toEvent),
    missed: numberOf(missed),
  }),
  aside: ({ down }) => {
    if (down === undefined) return {}
    const { set, gone, all } = recordOf(down)
    return { down: { set: listOf(set).flatMap(toDown), gone: textsIn(gone), all: all === true } }
  },
  closed: ({ at }) => ({ at: timeOf(at) }),
}

/** It is sent back in a header, which does not take all. */
const PLACE = /^[\w-]{1,100}\.\d{1,15}$/

/** A message as it may be believed; none where its name says nothing here. */
export const toMessage = (name: string, data: unknown, id: string | undefined): Message[] => {
  const form = Object.hasOwn(FORMS, name) ? FORMS[name as keyof Messages] : undefined
  if (!form) return []
  const place = id !== undefined && PLACE.test(id) ? id : undefined
  return [{ name, data: form(recordOf(data)), id: place } as Message]
}
