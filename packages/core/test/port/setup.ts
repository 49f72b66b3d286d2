import { createHub, type Direction, type Hub, type HubEvents, type HubSide } from '@conn-hub/core'
import { type CloseBehaviour, createFaultTransport, FaultSession, record } from '@conn-hub/testkit'
import { vi } from 'vitest'
import { A, setup } from '../setup.js'

type Destroys = 'tells' | 'says nothing' | 'throws'

const BEHAVIOURS = { tells: 'at-once', 'says nothing': 'nothing', throws: 'throw' } as const

/** A session whose `destroy()` a test may write itself. */
export class PortSession extends FaultSession {
  #own: (() => void) | undefined

  override get destroy(): (() => void) | undefined {
    return this.#own ?? super.destroy
  }

  override set destroy(own: () => void) {
    this.#own = own
  }
}

export const sessionOf = (
  onClose: CloseBehaviour = 'at-once',
  destroys?: Destroys,
  { direction = 'inbound', key = 'a' }: { direction?: Direction; key?: string } = {},
): PortSession => {
  const session = new PortSession(direction, key)
  session.onClose = onClose
  if (destroys) session.onDestroy = BEHAVIOURS[destroys]
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
