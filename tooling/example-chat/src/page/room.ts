import type { Hub } from '@conn-hub/core'
import type { WebSocketLink } from '@conn-hub/websocket'
import type { Said, Told } from '../messages.js'

export interface Room {
  readonly name: string
  readonly names: readonly string[]
  readonly lines: readonly NonNullable<Told['line']>[]
}

/** What is known of the room; for useSyncExternalStore. */
export const createRoom = (hub: Hub<WebSocketLink>) => {
  const wakes = new Set<() => void>()
  const name = sessionStorage.getItem('name') ?? `guest ${Math.ceil(Math.random() * 9_999)}`
  let room: Room = { name, names: [], lines: [] }

  const set = (next: Partial<Room>): void => {
    room = { ...room, ...next }
    for (const wake of wakes) wake()
  }
  const say = (said: Said): void => {
    for (const { sessions } of hub.snapshot()) sessions[0]?.handle.send(JSON.stringify(said))
  }
  hub.on('session', async ({ session }) => {
    say({ name: room.name })
    for await (const message of session.handle) {
      const { names, line }: Told = JSON.parse(String(message))
      if (names) set({ names })
      if (line) set({ lines: [...room.lines, line].slice(-200) })
    }
    set({ names: [] })
  })

  return {
    say,
    rename(name: string): void {
      sessionStorage.setItem('name', name)
      set({ name })
      say({ name })
    },
    snapshot: () => room,
    subscribe(wake: () => void): () => void {
      wakes.add(wake)
      return () => wakes.delete(wake)
    },
  }
}
