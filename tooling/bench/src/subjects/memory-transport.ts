import type { Direction, Session, Transport } from '@conn-hub/core'

/** A link that is there at once: what costs anything is the hub. */
export class Link implements Session<Link> {
  readonly handle = this
  readonly direction: Direction = 'outbound'
  readonly key: string
  #onClosed: (() => void) | undefined
  #open = true

  constructor(key: string) {
    this.key = key
  }

  close(): void {
    if (!this.#open) return
    this.#open = false
    this.#onClosed?.()
  }

  onClosed(listener: () => void): void {
    this.#onClosed = listener
  }
}

export const openLink = (address: string): Link => new Link(keyOf(address))

export const memoryTransport: Transport<Link> = {
  describe: (address) => ({ key: keyOf(address), kind: 'memory' }),
  dial: (address, attempt) => attempt.succeed(openLink(address)),
}

const PREFIX = 'mem:'

export const toMemoryAddress = (key: string): string => `${PREFIX}${key}`

const keyOf = (address: string): string => address.slice(PREFIX.length)
