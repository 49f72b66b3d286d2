import type { Listenable, Session, SessionClosed, Traffic } from '@conn-hub/core'
import type { PlainTraffic } from '../protocol.js'

/** In ms: all open sessions are asked no more often than this. */
const REST = 5_000

const FIELDS = ['bytesIn', 'bytesOut', 'messagesIn', 'messagesOut'] as const

/** What went over all sessions since the first look: those that are open are asked now and then, those that close for the last time. */
export const createTraffic = (hub: Pick<Listenable<unknown>, 'snapshot'>) => {
  const ended = none()
  let known: PlainTraffic | undefined
  let askedAt = Number.NEGATIVE_INFINITY

  const ask = (): PlainTraffic | undefined => {
    const sum = { ...ended, sessions: 0, at: Date.now() }
    for (const { sessions } of hub.snapshot())
      for (const session of sessions) if (add(sum, session)) sum.sessions++
    const isCounted = sum.sessions > 0 || FIELDS.some((field) => sum[field] > 0)
    return isCounted ? sum : undefined
  }

  return {
    closed: ({ session }: SessionClosed<unknown>): void => void add(ended, session),
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

/** Whether the session counts. It is a transport's, and may throw. */
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
