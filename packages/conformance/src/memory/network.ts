import type { Address, Inbound, Transport } from '@conn-hub/core'
import { checkNames, expect, isFunction } from '../options.js'
import { MemoryLink } from './link.js'
import { type Clock, type Ether, type Packet, Wire } from './wire.js'

export interface MemoryNetworkOptions {
  /**
   * How long a packet is on its way from one peer to the other, in ms; a function is asked for each packet, with the
   * names of the two. Packets of one link keep their order. Default 0: everything happens within the call.
   */
  readonly latency?: number | ((from: string, to: string) => number) | undefined
  /** The timers and the time of the network. Default: the global ones, looked up at each use. */
  readonly clock?: Clock | undefined
  /**
   * Stands before each packet, for faults: calls `pass` at once, later, or never. The latency begins with `pass`.
   * Default: every packet passes.
   */
  readonly onPacket?: ((packet: Packet, pass: () => void) => void) | undefined
}

/** One peer of a memory network: a transport, to be given to one hub. */
export interface MemoryEndpoint extends Transport<MemoryLink> {
  /** `mem:NAME`: where the others dial it. */
  readonly address: Address
  /** The links that are open at this end: what the entries of a hub must agree with. */
  readonly links: ReadonlySet<MemoryLink>
  /**
   * The process of this peer dies: nothing that it began is told to it any more, and the others learn of it when they send
   * something. What comes back is another endpoint of the same name.
   */
  vanish(): void
  listen(accept: (inbound: MemoryInbound) => void): () => void
}

/** A link that another peer has opened. */
export interface MemoryInbound extends Inbound<MemoryLink> {
  readonly session: MemoryLink
}

export interface MemoryNetwork {
  /**
   * A transport for the peer of this name, which is its key too. It is reached at `mem:NAME` while it listens.
   * A second one of the same name takes the place of the first when it listens: a peer that came back.
   */
  endpoint(name: string): MemoryEndpoint
}

const NAME = /^[\w.-]+$/

/**
 * A network inside the process, for tests: of hubs, of what stands above them, of a transport round another one.
 *
 * @example
 * const network = createMemoryNetwork({ latency: 20 })
 * const anna = createHub({ transport: network.endpoint('anna') })
 * const ben = createHub({ transport: network.endpoint('ben') })
 * const link = await anna.connect('mem:ben')
 */
export const createMemoryNetwork = (options: MemoryNetworkOptions = {}): MemoryNetwork => {
  const ether = toEther(options)
  const listening = new Map<string, (link: MemoryLink, from: string) => void>()
  let lastLink = 0

  const endpoint = (name: string): MemoryEndpoint => {
    expect(typeof name === 'string' && NAME.test(name), 'letters, digits, ".", "_" and "-"', 'name')
    const links = new Set<MemoryLink>()
    let vanished = false
    let stopListening = () => {}
    const add = (link: MemoryLink) => {
      links.add(link)
      link.onClosed(() => links.delete(link))
    }
    return {
      address: `mem:${name}`,
      self: name,
      links,
      describe: (address) => ({ key: nameOf(address), kind: 'memory' }),
      dial: (address, attempt) => {
        const to = nameOf(address)
        const link = ++lastLink
        const there = new Wire(ether, { from: name, to, link })
        const back = new Wire(ether, { from: to, to: name, link })
        there.send('dial', () => {
          const answer = listening.get(to)
          if (!answer) {
            return back.send('refuse', () => {
              if (!vanished) attempt.fail(new Error(`nobody is at ${address}`))
            })
          }
          const [ours, theirs] = createLink({
            number: link,
            name,
            to,
            there,
            back,
            clock: ether.clock,
          })
          // Before `answer`, which may close the link at once: an end must not arrive before the beginning.
          back.send('accept', () => {
            if (vanished) return ours.destroy()
            add(ours)
            attempt.succeed(ours)
          })
          answer(theirs, name)
        })
      },
      listen: (accept) => {
        const answer = (session: MemoryLink, from: string) => {
          add(session)
          accept({ address: `mem:${from}`, session })
        }
        listening.set(name, answer)
        stopListening = () => {
          if (listening.get(name) === answer) listening.delete(name)
        }
        return stopListening
      },
      vanish: () => {
        vanished = true
        stopListening()
        for (const link of links) link.vanish()
        links.clear()
      },
    }
  }

  return { endpoint }
}

const createLink = (of: {
  number: number
  name: string
  to: string
  there: Wire
  back: Wire
  clock: Clock
}) => {
  const { number, name, to, there, back, clock } = of
  const ours = new MemoryLink({ number, key: to, direction: 'outbound', wire: there, clock })
  const theirs = new MemoryLink({ number, key: name, direction: 'inbound', wire: back, clock })
  ours.peer = theirs
  theirs.peer = ours
  return [ours, theirs] as const
}

const toEther = (options: MemoryNetworkOptions): Ether => {
  checkNames(options, ['latency', 'clock', 'onPacket'])
  const { latency = 0, clock, onPacket } = options
  const isNumber = typeof latency === 'number' && latency >= 0
  expect(isNumber || isFunction(latency), 'a number of ms, or a function that gives one', 'latency')
  expect(clock === undefined || isClock(clock), 'setTimeout, clearTimeout and now()', 'clock')
  expect(onPacket === undefined || isFunction(onPacket), 'a function', 'onPacket')
  return {
    clock: clock ?? globalClock,
    latency: typeof latency === 'function' ? latency : () => latency,
    onPacket: onPacket ?? ((_, pass) => pass()),
  }
}

const isClock = ({ setTimeout, clearTimeout, now }: Clock): boolean =>
  [setTimeout, clearTimeout, now].every(isFunction)

const globalClock: Clock = {
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(timer as number),
  now: () => Date.now(),
}

const nameOf = (address: Address): string => {
  const name = address.slice('mem:'.length)
  if (!address.startsWith('mem:') || !NAME.test(name)) {
    throw new Error('an address looks like mem:NAME')
  }
  return name
}
