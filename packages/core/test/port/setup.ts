import { createHub, type Direction, type Hub, type HubEvents, type HubSide } from '@conn-hub/core'
import { type CloseBehaviour, createFaultTransport, FaultSession, record } from '@conn-hub/testkit'
import { vi } from 'vitest'
import { A, setup } from '../setup.js'

type OnClosed = (error?: unknown, reason?: string) => void
type Destroys = 'tells' | 'says nothing' | 'throws'

/** A session of the port's second edition, which does as the test says. */
export class PortSession extends FaultSession {
  /** The reasons with which it was asked to close. */
  readonly reasons: string[] = []
  /** How often it was destroyed. */
  destroyed = 0
  destroy?: () => void
  readonly #listeners: OnClosed[] = []

  override close(reason?: string): void | Promise<void> {
    this.reasons.push(reason as string)
    return super.close()
  }

  override onClosed(listener: OnClosed): void {
    if (this.isOpen) this.#listeners.push(listener)
    else listener()
  }

  override end(error?: unknown, reason?: unknown): void {
    this.isOpen = false
    for (const listener of this.#listeners.splice(0)) listener(error, reason as string)
  }
}

export const sessionOf = (
  onClose: CloseBehaviour = 'at-once',
  destroys?: Destroys,
  { direction = 'inbound', key = 'a' }: { direction?: Direction; key?: string } = {},
): PortSession => {
  const session = new PortSession(direction, key)
  session.onClose = onClose
  if (destroys) {
    session.destroy = () => {
      session.destroyed++
      if (destroys === 'throws') throw new Error('destroy() threw')
      if (destroys === 'tells') session.end()
    }
  }
  return session
}

/** A hub with these sessions in one entry. */
export const connectedWith = (...sessions: PortSession[]) => {
  const world = setup()
  for (const session of sessions) world.transport.inbound(A, session)
  world.recording.lines()
  return world
}

/** A hub, and what its transport sees of it. */
export const setupSide = () => {
  const transport = createFaultTransport()
  let side: HubSide<FaultSession> | undefined
  const { listen } = transport
  transport.listen = (accept, given) => {
    side = given
    return listen?.(accept, given) ?? (() => {})
  }
  const onError = vi.fn()
  const hub = createHub({ transport, onError })
  if (!side) throw new Error('the hub did not listen')
  return { hub, transport, onError, side, recording: record(hub) }
}

/** Everything that a hub tells of these types, in its order, as short lines. */
export const tellingsOf = <S>(hub: Hub<S>, ...types: (keyof HubEvents<S>)[]): string[] => {
  const lines: string[] = []
  for (const type of types) hub.on(type, () => lines.push(type))
  return lines
}
