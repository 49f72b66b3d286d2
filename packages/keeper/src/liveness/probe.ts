import type { Hub, Metadata, Session } from '@conn-hub/core'
import type { ProbeOptions, ProbeResult } from '../model/liveness.js'
import type { Clock } from '../model/time.js'
import { globalClock } from '../time/clock.js'
import { readProbeOptions } from './options.js'
import { ask, canProbe, heardAtOf } from './signs.js'

/**
 * Asks the sessions of an address, or of a proved key, for a sign of life. Resolves with the first answer, or when all are out of time; closes nothing.
 *
 * Rejects with `INVALID_ADDRESS`, `ADDRESS_TOO_LONG` or `INVALID_OPTION`.
 *
 * @example
 * console.log(await probe(hub, { address: 'mem:bob', within: 2_000 }))
 */
export const probe = <S, D extends Metadata = Metadata>(
  hub: Pick<Hub<S, D>, 'get' | 'byKey'>,
  options: ProbeOptions,
): Promise<ProbeResult> => probeAll(hub as Pick<Hub<S, never>, 'get' | 'byKey'>, options)

/** @param onAlive Gets each session that has given a sign of life. */
export const probeAll = async <S>(
  hub: Pick<Hub<S, never>, 'get' | 'byKey'>,
  options: ProbeOptions,
  clock = globalClock(),
  onAlive: (session: Session<S>) => void = () => {},
): Promise<ProbeResult> => {
  const { address, key, within } = readProbeOptions(options)
  const sessionsNow = () => {
    const entries = address === undefined ? hub.byKey(key ?? '') : [hub.get(address)]
    const all = entries.flatMap((entry): readonly Session<S>[] => entry?.sessions ?? [])
    return key === undefined ? all : all.filter((session) => session.key === key)
  }
  const sessions = sessionsNow()
  const controller = new AbortController()
  const results: ProbeResult[] = []
  return new Promise((resolve) => {
    const settle = (result: ProbeResult) => {
      resolve(result)
      controller.abort()
    }
    const note = (result: ProbeResult) => {
      results.push(result)
      if (result === 'alive') settle(result)
      else if (results.length === sessions.length) settle(sum(results))
    }
    if (sessions.length === 0) settle('closed')
    for (const session of sessions) {
      probeOne(session, within, clock, controller.signal).then((result) => {
        if (result === 'alive') onAlive(session)
        const hasFailed = result === 'closed' && sessionsNow().includes(session)
        note(hasFailed ? 'silent' : result)
      })
    }
  })
}

/** None is alive. */
const sum = (results: readonly ProbeResult[]): ProbeResult => {
  if (results.includes('unknown')) return 'unknown'
  return results.includes('silent') ? 'silent' : 'closed'
}

/** @param stop The answer matters no more. */
const probeOne = (
  session: Session<unknown>,
  within: number,
  clock: Clock,
  stop: AbortSignal,
): Promise<ProbeResult> => {
  if (!canProbe(session)) return Promise.resolve('unknown')
  return new Promise((resolve) => {
    const controller = new AbortController()
    const before = heardAtOf(session)
    const settle = (result: ProbeResult) => {
      clock.clearTimeout(timer)
      stop.removeEventListener('abort', onStop)
      resolve(result)
      controller.abort()
    }
    const onStop = () => settle('silent')
    const timer = clock.setTimeout(() => {
      const heardAt = heardAtOf(session)
      settle(heardAt === undefined || heardAt === before ? 'silent' : 'alive')
    }, within)
    ;(timer as { unref?: () => void }).unref?.()
    stop.addEventListener('abort', onStop)
    ask(
      session,
      controller.signal,
      () => settle('alive'),
      () => settle('closed'),
    )
  })
}
