import { surely } from '../edges/guards.js'
import type { DisconnectRequest } from '../edges/options.js'
import type { Address, Connection, Session } from '../model/connection.js'
import type { HubError } from '../model/errors.js'
import type { Input } from '../state/transition.js'
import { Caller, Callers } from './callers.js'
import type { Connects } from './connects.js'
import { cancelled, entryGone, hubClosed } from './errors.js'
import type { Parts } from './parts.js'
import type { Sessions } from './sessions.js'
import type { Disconnect, TeardownOwner } from './teardown.js'

export interface Disconnects<S> extends TeardownOwner<S> {
  readonly disconnect: (address: Address, request: DisconnectRequest<S>) => Promise<boolean>
  /** Closes a whole entry, or joins the disconnect that runs. @param why What its dial is cancelled with. */
  readonly close: (
    entry: Connection<S>,
    reason: string,
    why: () => HubError,
    caller?: Caller<boolean>,
  ) => void
  /** Ends what is there now, and nothing that comes meanwhile. */
  readonly reset: (reason: string) => Promise<void>
  /** The end of the hub: every entry leaves now. @param done What is still open has closed, or is out of time. */
  readonly end: (stopListening: () => void, done: () => void) => void
}

/** What `disconnect()` decides, and what becomes of an entry whose sessions close. */
export const createDisconnects = <S>(
  parts: Parts<S>,
  sessions: Sessions<S>,
  connects: Connects<S>,
): Disconnects<S> => {
  const { ledger, doomed } = parts
  /** Of whole entries. */
  const running = new Map<Address, Disconnect>()

  /** The disconnect has failed once all sessions that are left have. */
  const settle = (address: Address, disconnect: Disconnect): void => {
    const { error } = disconnect
    const open: readonly Session<S>[] = ledger.get(address)?.sessions ?? []
    if (!error || !open.every((session) => sessions.of(session, address)?.state === 'failed'))
      return
    surely(() => {
      ledger.commit(address, { type: 'close-failed', error })
      for (const session of open) sessions.forget(session, address)?.callers?.reject(error)
      disconnect.callers.reject(error)
      running.delete(address)
    })
  }

  const commitClosed = (address: Address, input: Input<S>): void => {
    const { next } = ledger.commit(address, input)
    const disconnect = running.get(address)
    if (next) {
      if (disconnect) settle(address, disconnect)
    } else {
      // At the end of the hub the entry leaves before its sessions have closed.
      if (!(parts.ended && disconnect?.left)) disconnect?.callers.resolve(true)
      running.delete(address)
      doomed.delete(address)
      // A dial that was to add a session has no entry to add it to, and nobody waits for it.
      connects.cancelDial(address, entryGone)
    }
    connects.resume(address)
  }

  const close: Disconnects<S>['close'] = ({ address, sessions: open }, reason, why, caller) => {
    const known = running.get(address)
    const disconnect = known ?? { callers: new Callers<boolean>(), left: open.length }
    if (caller) disconnect.callers.join(caller)
    // At the end of the hub, one that is being told may not have asked them yet.
    if (known && !parts.ended) return
    let isBegun = false
    const steps = () => {
      // In here: whoever finds it there joins it, and it must be under way.
      if (!isBegun) running.set(address, disconnect)
      isBegun = true
      if (running.get(address) !== disconnect) return
      if (ledger.get(address)?.state !== 'disconnecting') {
        for (const session of open) sessions.begin(session, reason, address, disconnect)
        ledger.commit(address, { type: 'close', reason })
      }
      connects.cancelDial(address, why)
      ledger.deliver()
      for (const session of open) sessions.ask(sessions.of(session, address))
      if (open.length === 0) commitClosed(address, { type: 'closed' })
    }
    // The end of the hub is done again as a whole.
    if (parts.ended) steps()
    else surely(steps)
  }

  return {
    close,
    disconnect: (address, { reason, signal, session }) => {
      const caller = new Caller<boolean>({ signal })
      if (caller.settled) return caller.promise
      const entry = ledger.get(address)
      const open: readonly Session<S>[] = entry?.sessions ?? []
      const isOther = (other: Session<S>) => other !== session && !sessions.of(other, address)
      if (session && !open.includes(session)) caller.resolve(false)
      else if (session && open.some(isOther)) {
        surely(() => {
          const teardown = sessions.of(session, address) ?? sessions.begin(session, reason, address)
          teardown.callers ??= new Callers()
          teardown.callers.join(caller)
          sessions.ask(teardown)
        })
      } else {
        // The last call counts: whoever disconnects ends the wish to connect of those who called before.
        connects.cancelWaiting(cancelled, address)
        if (entry) close(entry, reason, cancelled, caller)
        else caller.resolve(false)
      }
      return caller.promise
    },
    reset: async (reason) => {
      connects.cancelWaiting(cancelled)
      const all = ledger.snapshot().map(({ address }) => address)
      for (const address of all) doomed.add(address)
      const ends = all.map((address) => {
        const entry = ledger.get(address)
        // What was there has left: this is another one.
        const isOver = !doomed.delete(address) && !running.has(address)
        if (!entry || isOver) return undefined
        const caller = new Caller<boolean>({})
        close(entry, reason, cancelled, caller)
        return caller.promise
      })
      await Promise.allSettled(ends)
    },
    closed: (address, session, teardown, error, reason) =>
      commitClosed(address, {
        type: 'closed',
        session,
        error: teardown?.error ?? error,
        reason,
        asked: teardown?.reason,
      }),
    failed: (address, teardown, error) => {
      const { session, disconnect, callers } = teardown
      if (disconnect) {
        teardown.state = 'failed'
        // Those who wait get the first error alone.
        if (disconnect.error) sessions.report(error, 'close', address)
        disconnect.error ??= error
        settle(address, disconnect)
      } else {
        sessions.forget(session, address)
        callers?.reject(error)
      }
      connects.resume(address)
    },
    end: (stopListening, done) => {
      // Known before anything of the end is done: what is done calls foreign code, which may call close().
      parts.ended = true
      stopListening()
      connects.cancelWaiting(hubClosed)
      for (const { address } of ledger.snapshot()) {
        const entry = ledger.get(address)
        if (entry) close(entry, 'hub-closed', hubClosed)
        for (const session of ledger.get(address)?.sessions ?? [])
          commitClosed(address, { type: 'closed', session })
        commitClosed(address, { type: 'closed' })
      }
      sessions.end(done)
    },
  }
}
