import type { Address, Session } from '../model/connection.js'
import type { HubError } from '../model/errors.js'
import type { Callers } from './callers.js'

/** A disconnect of a whole address: who waits for it, and how many of its sessions have still to close. */
export interface Disconnect {
  readonly callers: Callers<boolean>
  left: number
  /** The first thing that went wrong. */
  error?: HubError
}

/** A session that we close: from the moment at which this is decided until it has closed, or could not be closed. */
export interface Teardown<S> {
  readonly session: Session<S>
  readonly reason: string
  /** Of its entry; a session that was refused has none. */
  readonly address: Address | undefined
  /** What it is a part of. */
  readonly disconnect: Disconnect | undefined
  /** Who waits for the end of this session alone. */
  callers: Callers<boolean> | undefined
  /** `failed`: it stays open, and waits for the others of its disconnect. */
  state: 'decided' | 'asked' | 'failed'
  /** Why it is being destroyed. */
  error: HubError | undefined
  stopTimer: (() => void) | undefined
}

/** Whoever decides what becomes of an entry whose sessions end. */
export interface TeardownOwner<S> {
  /** A session has closed, whoever closed it. */
  readonly closed: (
    address: Address,
    session: Session<S>,
    teardown: Teardown<S> | undefined,
    error: unknown,
    reason: string | undefined,
  ) => void
  /** A session of an entry could be neither closed nor destroyed. */
  readonly failed: (address: Address, teardown: Teardown<S>, error: HubError) => void
}
