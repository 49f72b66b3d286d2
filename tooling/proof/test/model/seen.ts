import type { ConnectionEvent, Hub, Refusal, SessionClosed, SessionOpened } from '@conn-hub/core'
import type { FaultSession } from '@conn-hub/testkit'
import type { Told } from './parts.js'

type Event =
  | ConnectionEvent<FaultSession>
  | SessionOpened<FaultSession>
  | SessionClosed<FaultSession>

/** Keeps what a hub tells, in the words of the oracle. */
export const see = (hub: Hub<FaultSession>, sessions: readonly FaultSession[]): Told[] => {
  const seen: Told[] = []
  const keep = (event: Event) => {
    const { type, address, key } = event
    const told: Record<string, unknown> = { type, address, key }
    if ('session' in event) told.session = sessions.indexOf(event.session as FaultSession)
    if ('direction' in event) told.direction = event.direction
    if ('reason' in event) told.reason = event.reason
    if ('initiator' in event) told.initiator = event.initiator
    if ('error' in event) told.error = event.error && nameOf(event.error)
    seen.push(told as unknown as Told)
  }
  hub.on('*', keep)
  hub.on('session', keep)
  hub.on('session-closed', keep)
  hub.on('refused', ({ by, why, direction, address, key }: Refusal) => {
    seen.push({ type: `refused by ${by}`, why, direction, address, key })
  })
  return seen
}

/** An error, or what a call came to, in one word. */
export const nameOf = (outcome: unknown): string => {
  if (typeof outcome === 'string') return outcome
  if (typeof outcome === 'boolean') return String(outcome)
  if (outcome === undefined) return 'done'
  const { code, message } = outcome as Error & { code?: string }
  return code ?? message
}
