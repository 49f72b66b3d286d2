import type { Listenable, Session, SessionClosed, SessionOpened, Traffic } from '@conn-hub/core'
import type { PlainTraffic } from '../protocol.js'

/** In ms: all open sessions are asked no more often than this. */
const REST = 5_000

const FIELDS = ['bytesIn', 'bytesOut', 'messagesIn', 'messagesOut'] as const

/** What went over all sessions since the first look: those that are open are asked now and then, those that close for the last time. */
export const createTraffic = (hub: Pick<Listenable<unknown>, 'snapshot'>) => {
  const ended = none()
  /** Those that are open and count: where no transport does, nobody is asked. */
  const open = new Set<Session<unknown>>()
  let known: PlainTraffic | undefined
  let askedAt = Number.NEGATIVE_INFINITY

  const opened = (session: Session<unknown>): void => {
    if (counts(session)) open.add(session)
  }
  for (const { sessions } of hub.snapshot()) sessions.forEach(opened)

  const ask = (): PlainTraffic | undefined => {
    const sum = { ...ended, sessions: 0, at: Date.now() }
    for (const session of open) if (add(sum, session)) sum.sessions++
    const isCounted = sum.sessions > 0 || FIELDS.some((field) => sum[field] > 0)
    return isCounted ? sum : undefined
  }

  return {
    opened: ({ session }: SessionOpened<unknown>): void => opened(session),
    closed: ({ session }: SessionClosed<unknown>): void => {
      open.delete(session)
      add(ended, session)
    },
    now: (): PlainTraffic | undefined => {
      const now = performance.now()
      if (now - askedAt < REST) return known
      askedAt = now
      known = ask()
      return known
    },
  }
}

const none = () => ({ bytesIn: 0, bytesOut: 0, messagesIn: 0, messagesOut: 0 })

/** The session is a transport's, and may throw. */
const counts = (session: Session<unknown>): boolean => {
  try {
    return typeof session.traffic === 'function'
  } catch {
    return false
  }
}

/** Whether the session has counted. It is a transport's, and may throw. */
const add = (sum: ReturnType<typeof none>, session: Session<unknown>): boolean => {
  try {
    const traffic: Traffic | undefined = session.traffic?.()
    if (!traffic) return false
    for (const field of FIELDS) {
      const value = traffic[field]
      if (typeof value === 'number' && value > 0 && Number.isFinite(value)) sum[field] += value
    }
    return true
  } catch {
    return false
  }
}
