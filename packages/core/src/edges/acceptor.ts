import type { Session } from '../model/connection.js'
import { HubError } from '../model/errors.js'
import type { HubSide, Inbound, Transport } from '../model/transport.js'
import { attempt, isFunction } from './guards.js'
import { checkOptions, DELAY, expect, isDelay } from './options.js'
import { can } from './port.js'
import { createReport } from './report.js'
import { startTimer } from './timer.js'

/** Why a raw link was discarded before it was a session. */
export type Discarded = 'full' | 'not-listening' | 'timeout' | 'failed'

/** What `acceptor()` is given. */
export interface AcceptorOptions<R> {
  /** How long a hello may take, in ms. */
  readonly timeout: number
  /** How many hellos may run at once. */
  readonly pending: number
  /** Ends a raw link that will not be a session. */
  readonly discard: (raw: R, why: Discarded) => void
}

/** Takes raw links in, and hands over those that have become sessions. */
export interface Acceptor<S, R> {
  /** Begins a hello. */
  readonly take: (raw: R) => void
  /** The `listen` of a transport. */
  readonly listen: NonNullable<Transport<S>['listen']>
}

/**
 * The twin of `dialer()`: turns a function that opens an inbound session by a hello into `listen`, with a deadline and a bound. Each link
 * that is discarded is told as refused. It serves one hub: while that listens, another one that does throws `TRANSPORT_IN_USE`.
 *
 * @param open Makes a session of a raw link. Its signal aborts when the time is over, or the hub stops to listen.
 *
 * @example
 * const { take, listen } = acceptor(
 *   async (socket: Socket, signal) => ({
 *     address: `tcp:${socket.port}`,
 *     session: await hello(socket, signal),
 *   }),
 *   { timeout: 10_000, pending: 100, discard: (socket) => socket.destroy() },
 * )
 * server.on('connection', take)
 */
export const acceptor = <S, R>(
  open: (raw: R, signal: AbortSignal) => Promise<Inbound<S>>,
  options: AcceptorOptions<R>,
): Acceptor<S, R> => {
  expect(isFunction(open), 'a function', 'open')
  checkOptions(options, ['timeout', 'pending', 'discard'])
  const { timeout, pending, discard } = options
  expect(isDelay(timeout), DELAY, 'timeout')
  expect(typeof pending === 'number' && pending > 0, 'a number above 0', 'pending')
  expect(isFunction(discard), 'a function', 'discard')
  let listening: Listening<S> | undefined

  const refuse = (raw: R, why: Discarded, side = listening?.side, error?: unknown): void => {
    side?.refused({ by: 'acceptor', why, direction: 'inbound', error })
    attempt(() => discard(raw, why), tellOf('discard'))
  }

  const take = (raw: R): void => {
    if (!listening) return void refuse(raw, 'not-listening')
    const { accept, side, hellos } = listening
    if (hellos.size >= pending) return void refuse(raw, 'full')
    const controller = new AbortController()
    const end = (why?: Discarded, error?: unknown): boolean => {
      if (!hellos.delete(end)) return false
      stopTimer()
      if (why) {
        controller.abort(why)
        refuse(raw, why, side, error)
      }
      return true
    }
    const stopTimer = startTimer(timeout, () => end('timeout'))
    hellos.add(end)
    opened(open, raw, controller.signal).then(
      (inbound) => {
        const discardSession = () => inbound?.session && discardLate(inbound.session, timeout)
        if (!end()) return discardSession()
        attempt(
          () => accept(inbound),
          (error) => {
            tellOf('accept')(error)
            discardSession()
          },
        )
      },
      (error) => end('failed', error),
    )
  }

  const listen: Acceptor<S, R>['listen'] = (accept, side) => {
    if (listening) {
      throw new HubError('TRANSPORT_IN_USE', 'An acceptor serves one hub. Make another one.')
    }
    const own: Listening<S> = { accept, side, hellos: new Set() }
    listening = own
    return () => {
      // Called again, it must not end the hub that listens now.
      if (listening === own) listening = undefined
      for (const end of [...own.hellos]) end('not-listening')
    }
  }
  return { take, listen }
}

/** Whoever calls cannot help: a server, a timer, a promise. There the error would end the process. */
const tellOf = (call: string) => (error: unknown) =>
  createReport()(error, { origin: 'transport', call })

/** A hub that listens, and the hellos that run for it. */
interface Listening<S> {
  readonly accept: (inbound: Inbound<S>) => void
  readonly side: HubSide<S>
  readonly hellos: Set<(why: Discarded) => void>
}

/** It was discarded meanwhile, and nobody gets it: it is closed, and destroyed where it takes longer for that than for a hello. */
const discardLate = (session: Session<unknown>, timeout: number): void => {
  const ignore = () => {}
  let isOver = false
  const destroy = () => {
    if (!isOver) attempt(() => session.destroy?.(), ignore)
    onOver()
  }
  const stopTimer = can(session, 'destroy') ? startTimer(timeout, destroy) : ignore
  const onOver = () => {
    isOver = true
    stopTimer()
  }
  attempt(() => session.onClosed(onOver), ignore)
  attempt(() => session.close('late'), destroy)
}

/** What it throws, it rejects with. */
const opened = async <R, T>(
  open: (raw: R, signal: AbortSignal) => Promise<T>,
  raw: R,
  signal: AbortSignal,
): Promise<T> => open(raw, signal)
