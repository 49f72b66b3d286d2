import { createHub, type Hub } from '@conn-hub/core'
import type DropIn from '@conn-hub/ssb-conn-hub'
import { createFaultTransport, FaultSession, type FaultTransport } from '@conn-hub/testkit'
import { ConnHub } from './published.js'
import { StubSbot } from './stub-sbot.js'

/** What must be the very same after a call that was refused. */
export interface Look {
  /** The same array until anything of any entry changes. */
  readonly entries: readonly unknown[]
  /** Events, dials, and the entries of the drop-in. */
  readonly deeds: string
}

/** Hubs in the middle of things, for one call to go wrong in. */
export interface Stage {
  readonly hub: Hub<FaultSession>
  readonly transport: FaultTransport
  readonly dropIn: DropIn<never>
  look(): Look
  /** Something happens. How many listeners of strangers hear of it? */
  probe(): number
  /** Every dial and session ends, and every hub closes; resolves with how many calls are pending after that. */
  end(): Promise<number>
  /** Watches a promise until the end. */
  keep(promise: Promise<unknown>): void
}

/** @param leavesSessions The call brings sessions that may never close: then `close()` waits for its deadline. */
export const openStage = (leavesSessions = false): Stage => {
  const transport = createFaultTransport({ self: 'me' })
  const hub = createHub({ transport, onError: () => {} })
  const ssb = new StubSbot()
  const dropIn = new ConnHub(ssb) as DropIn<never>
  let pending = 0
  let events = 0
  hub.on('*', () => {
    events++
  })

  const keep = (promise: Promise<unknown>) => {
    const settled = () => {
      pending--
    }
    pending++
    promise.then(settled, settled)
  }

  keep(hub.connect('fault:dialing'))
  transport.inbound('fault:open')
  hub.update('fault:open', { kept: true })
  transport.inbound('fault:closing', refusing())
  keep(hub.disconnect('fault:closing'))
  keep(dropIn.connect(ssb.dialing))
  ssb.comesIn()
  const heard = countStrangers(hub)

  return {
    hub,
    transport,
    dropIn,
    keep,
    look: () => ({
      entries: hub.snapshot(),
      deeds: [events, transport.dials.length, ssb.dials, entriesOf(dropIn)].join(),
    }),
    probe: () => {
      const before = heard()
      transport.inbound('fault:probe').end()
      return heard() - before
    },
    end: async () => {
      for (const dial of transport.dials) dial.fail()
      ssb.failAll()
      dropIn.close()
      for (const session of transport.sessions) session.end()
      const closed = hub.close()
      if (!leavesSessions) keep(closed)
      await turn()
      return pending
    },
  }
}

/** All that promises do that wait for nothing but each other is done, and unhandled rejections are told. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const refusing = (): FaultSession => {
  const session = new FaultSession('inbound', 'closing')
  session.onClose = 'refuse'
  return session
}

const entriesOf = (dropIn: DropIn<never>): string => JSON.stringify([...dropIn.entries()])

/** Counts the calls of whatever listens from now on. */
const countStrangers = (hub: Hub<FaultSession>): (() => number) => {
  let heard = 0
  const on = hub.on.bind(hub)
  hub.on = (type, listener, options) => {
    if (typeof listener !== 'function') return on(type, listener, options)
    const counted: typeof listener = (event) => {
      heard++
      return listener(event)
    }
    return on(type, counted, options)
  }
  return () => heard
}
