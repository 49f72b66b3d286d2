import { createHub, type Hub, type Inbound } from '@conn-hub/core'

export interface ToyHub {
  readonly hub: Hub<object>
  /** A peer connects. */
  add(key: string | undefined, address?: string): void
  /** It leaves. */
  remove(address: string): void
}

/** A hub whose peers come and go as they are told: nothing of a network costs anything. */
export const createToyHub = (): ToyHub => {
  let accept: (inbound: Inbound<object>) => void = () => {}
  const ends = new Map<string, () => void>()
  const hub = createHub<object>({
    transport: {
      describe: () => ({ kind: 'toy' }),
      dial: (_, attempt) => attempt.fail(new Error('toys do not dial')),
      listen: (take) => {
        accept = take
        return () => {}
      },
    },
  })
  return {
    hub,
    add: (key, address = `toy:${key}`) => {
      const listeners: (() => void)[] = []
      const end = () => {
        for (const tell of listeners.splice(0)) tell()
      }
      ends.set(address, end)
      const session = {
        handle: {},
        direction: 'inbound' as const,
        key,
        close: end,
        onClosed: (listener: () => void) => void listeners.push(listener),
      }
      accept({ address, session })
    },
    remove: (address) => ends.get(address)?.(),
  }
}
