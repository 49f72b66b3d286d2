import { ConnHub } from '../src/conn-hub.js'
import type { ListenEvent } from '../src/types.js'
import { addressOf, type StubRpc, StubSbot } from './stub-sbot.js'

type End = Error | boolean | null
type Read<T> = (abort: End, callback: (end: End, value?: T) => void) => void

/** Reads a source as fast as it gives. */
export const drain = <T>(
  source: unknown,
  onValue: (value: T) => void,
): { end: () => End | undefined } => {
  let ended: End | undefined
  const read = source as Read<T>
  const next = (): void =>
    read(null, (end, value) => {
      if (end) {
        ended = end
        return
      }
      onValue(value as T)
      next()
    })
  next()
  return { end: () => ended }
}

export const setup = () => {
  const ssb = new StubSbot()
  const hub = new ConnHub<StubRpc>(ssb)
  const events: ListenEvent[] = []
  const listening = drain<ListenEvent>(hub.listen(), (event) => events.push(event))
  return {
    ssb,
    hub,
    events,
    streamEnd: listening.end,
    types: () => events.map(({ type }) => type),
    entry: (address: string) => new Map(hub.entries()).get(address),
  }
}

export const A = addressOf('a')
export const B = addressOf('b')

/** A hub that is connected to A; the events up to here are forgotten. */
export const connected = async () => {
  const context = setup()
  const promise = context.hub.connect(A)
  const rpc = context.ssb.answer(context.ssb.lastCall)
  await promise
  context.events.length = 0
  return { ...context, rpc }
}

export const INVALID = 'The given address is not a valid multiserver-address'
export const CLOSED = 'This ConnHub instance is closed, create a new one.'

export const errorOf = (promise: Promise<unknown>): Promise<Error & { code?: string }> =>
  promise.then(
    (value) => {
      throw new Error(`resolved with ${String(value)}`)
    },
    (error) => error,
  )
