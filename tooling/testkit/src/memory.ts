import type { Address, Direction, Inbound, Session, Transport } from '@conn-hub/core'

/** One end of a link inside the process. */
export class MemoryLink implements Session<MemoryLink> {
  readonly handle = this
  readonly key: string
  readonly direction: Direction
  /** The same link as the other end has it. */
  peer: MemoryLink | undefined
  readonly #listeners: ((error?: unknown) => void)[] = []
  #open = true
  readonly #onEnd: (link: MemoryLink) => void

  constructor(key: string, direction: Direction, onEnd: (link: MemoryLink) => void) {
    this.key = key
    this.direction = direction
    this.#onEnd = onEnd
  }

  get open(): boolean {
    return this.#open
  }

  close(): void {
    this.#end()
    if (this.peer) this.peer.#end()
  }

  onClosed(listener: (error?: unknown) => void): void {
    if (this.#open) this.#listeners.push(listener)
    else listener()
  }

  #end(): void {
    if (!this.#open) return
    this.#open = false
    this.#onEnd(this)
    for (const listener of this.#listeners.splice(0)) listener()
  }
}

export interface MemoryEndpoint extends Transport<MemoryLink> {
  readonly address: Address
  /** The links that are open at this end: what the entries of a hub must agree with. */
  readonly links: ReadonlySet<MemoryLink>
}

export interface MemoryNetwork {
  /** A transport that listens at `mem:NAME`; its key is `NAME`. */
  endpoint(name: string): MemoryEndpoint
}

/** A network inside the process: dials answer at once, closing one end closes the other. */
export const createMemoryNetwork = (): MemoryNetwork => {
  const listening = new Map<string, (from: string) => MemoryLink>()

  const endpoint = (name: string): MemoryEndpoint => {
    const links = new Set<MemoryLink>()
    const open = (key: string, direction: Direction): MemoryLink => {
      const link = new MemoryLink(key, direction, (ended) => links.delete(ended))
      links.add(link)
      return link
    }
    return {
      address: `mem:${name}`,
      self: name,
      links,
      describe: (address) => ({ key: nameOf(address), kind: 'memory' }),
      dial: (address, attempt) => {
        const peer = nameOf(address)
        const answer = listening.get(peer)
        if (!answer) return attempt.fail(new Error(`nobody listens at ${address}`))
        const ours = open(peer, 'outbound')
        ours.peer = answer(name)
        ours.peer.peer = ours
        attempt.succeed(ours)
      },
      listen: (accept: (inbound: Inbound<MemoryLink>) => void) => {
        listening.set(name, (from) => {
          const link = open(from, 'inbound')
          accept({ address: `mem:${from}`, session: link })
          return link
        })
        return () => listening.delete(name)
      },
    }
  }

  return { endpoint }
}

const nameOf = (address: Address): string => {
  const name = /^mem:(\w+)$/.exec(address)?.[1]
  if (!name) throw new Error('an address looks like mem:NAME')
  return name
}
