import { EventEmitter } from 'node:events'
import { createHub } from '@conn-hub/core'
import { toTransport } from '@conn-hub/secret-stack'
import { record } from '@conn-hub/testkit'
import { vi } from 'vitest'

/** An rpc that does as the test says. */
export class StubRpc extends EventEmitter {
  readonly id: string | undefined
  stream: { address?: unknown; meta?: unknown } | undefined
  meta: unknown
  closed: boolean | undefined = false
  closeCalls = 0
  /** What `close()` calls back with, instead of closing. */
  closeError: Error | undefined

  constructor(name: string | undefined, address?: unknown) {
    super()
    this.id = name === undefined ? undefined : keyOf(name)
    this.stream = { address }
  }

  close(_error: unknown, callback: (error?: unknown) => void): void {
    this.closeCalls++
    if (!this.closeError) this.end()
    callback(this.closeError)
  }

  /** The link is gone. */
  end(): void {
    if (this.closed) return
    this.closed = true
    this.emit('closed')
  }
}

/** A call of `ssb.connect` that waits for the test to settle it. */
export interface StubDial {
  readonly address: string
  readonly callback: (error?: unknown, rpc?: StubRpc) => void
}

/** An sbot for what real ones do not do on demand. */
export class StubSbot extends EventEmitter {
  id: string | undefined = keyOf('self')
  ready: (() => boolean) | undefined
  closed: boolean | undefined
  readonly dials: StubDial[] = []

  connect = (address: string, callback: StubDial['callback']): void => {
    this.dials.push({ address, callback })
  }

  get lastDial(): StubDial {
    const dial = this.dials.at(-1)
    if (!dial) throw new Error('nothing was dialed')
    return dial
  }

  /** Tells of an rpc: `isClient` means that this side has dialed. */
  tell(rpc: StubRpc, isClient: boolean): void {
    this.emit('rpc:connect', rpc, isClient)
  }

  /** Settles a dial in the way of secret-stack: first the event, then the callback. */
  answer({ callback }: StubDial, rpc: StubRpc): void {
    this.tell(rpc, true)
    callback(null, rpc)
  }
}

export const keyOf = (name: string): string => `@${name}.ed25519`

export const setup = (ssb = new StubSbot()) => {
  const onError = vi.fn()
  const hub = createHub({ transport: toTransport(ssb), onError })
  return { ssb, hub, onError, recording: record(hub) }
}

export const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'resolved',
    ({ code }) => code,
  )
