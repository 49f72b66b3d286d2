import {
  createMemoryNetwork,
  type MemoryEndpoint,
  type MemoryLink,
  type Packet,
} from '@conn-hub/conformance'
import { checkNames, expect, isMs, MS } from '../options.js'
import type { Random } from '../random.js'
import type { FakeTime } from '../time/fake-time.js'
import type { Life } from '../time/life.js'
import { between, type Cut, type Name, namesOf, oneWay } from './cuts.js'
import type { Network, NetworkSettings } from './types.js'

/** A peer as the network has it: the process that is there, or was there last. */
export interface Host {
  readonly life: Life
  readonly endpoint: MemoryEndpoint
  /** It is down, and nobody answers for it. */
  isSilent?: boolean
}

interface Parts {
  readonly time: FakeTime
  readonly random: Random
  readonly note: (what: string) => void
}

const BROKEN = 'the network broke the link'

/** The network of a world: a memory network, and what happens to its packets on their way. */
export class SimulatedNetwork implements Network {
  readonly hosts = new Map<string, Host>()
  /** Nothing is done to it any more, nor to its processes. */
  isQuiet = false
  readonly #parts: Parts
  readonly #settings = { latency: 20, jitter: 10, lossOfDials: 0 }
  readonly #cuts = new Set<Cut>()
  /** How much later it arrives, in ms, for each slow reader. */
  readonly #slow = new Map<string, number>()
  /** Links that something was lost of: such a link can not go on. */
  readonly #lost = new Set<number>()
  /** When the last packet arrives, for each direction of a link: those after it are not faster. */
  readonly #due = new Map<string, number>()
  readonly #memory = createMemoryNetwork({
    onPacket: (packet, pass) => this.#carry(packet, pass),
    clock: {
      setTimeout: (run, ms) => setTimeout(run, ms),
      clearTimeout: (timer) => clearTimeout(timer as number),
      now: () => Date.now(),
    },
  })

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** A process starts, under the name of one that is gone, if any. */
  host(life: Life): Host {
    const host = { life, endpoint: this.#memory.endpoint(life.name) }
    this.hosts.set(life.name, host)
    return host
  }

  /** A process has ended. Where it is not silent, the others learn of it as fast as the network is. */
  down(host: Host, isSilent: boolean): void {
    host.isSilent = isSilent
    const theirs = [...host.endpoint.links].map(({ peer }) => peer)
    host.endpoint.vanish()
    if (isSilent) return
    const { name } = host.life
    for (const link of theirs) {
      if (link && !this.#isCut(name, link.peer?.key ?? '')) this.#break(link)
    }
  }

  set(settings: NetworkSettings): void {
    checkNames(settings, Object.keys(this.#settings))
    const { latency, jitter, lossOfDials } = { ...this.#settings, ...settings }
    expect(isMs(latency), MS, 'latency')
    expect(isMs(jitter), MS, 'jitter')
    expect(isMs(lossOfDials) && lossOfDials <= 1, 'a number from 0 to 1', 'lossOfDials')
    if (this.isQuiet) return
    Object.assign(this.#settings, { latency, jitter, lossOfDials })
    this.#parts.note(
      `network: latency ${latency} ms, jitter ${jitter} ms, loss of dials ${lossOfDials}`,
    )
  }

  partition(...groups: readonly (readonly Name[])[]): () => void {
    expect(groups.length > 1, 'two groups or more', 'groups')
    const names = groups.map((group) => this.#namesOf(group))
    return this.#cut(
      `partition: ${names.map((group) => group.join(' ')).join(' | ')}`,
      between(names),
    )
  }

  silence(a: Name, b: Name): () => void {
    const names = this.#namesOf([a, b])
    return this.#cut(`silence: ${names.join(' and ')}`, between(names.map((name) => [name])))
  }

  silenceOneWay(a: Name, b: Name): () => void {
    const [one = '', other = ''] = this.#namesOf([a, b])
    return this.#cut(`silence: from ${one} to ${other}`, oneWay(one, other))
  }

  slow(peer: Name, ms: number): void {
    expect(isMs(ms), MS, 'ms')
    const [name = ''] = this.#namesOf([peer])
    if (this.isQuiet) return
    this.#slow.set(name, ms)
    this.#parts.note(`slow reader: ${name}, ${ms} ms`)
  }

  reset(a: Name, b: Name): void {
    const [one = '', other = ''] = this.#namesOf([a, b])
    if (this.isQuiet) return
    this.#parts.note(`reset: ${one} and ${other}`)
    for (const link of this.hosts.get(one)?.endpoint.links ?? []) {
      if (link.key !== other) continue
      this.#break(link)
      if (link.peer) this.#break(link.peer)
    }
  }

  heal(): void {
    this.#parts.note('network: healed')
    this.#cuts.clear()
    this.#slow.clear()
    this.#settings.lossOfDials = 0
    this.sweep()
  }

  #namesOf(peers: readonly Name[]): string[] {
    return namesOf(peers, this.hosts.keys())
  }

  #cut(what: string, cut: Cut): () => void {
    if (this.isQuiet) return () => {}
    this.#parts.note(what)
    this.#cuts.add(cut)
    return () => {
      if (!this.#cuts.delete(cut)) return
      this.#parts.note(`over: ${what}`)
      this.sweep()
    }
  }

  #isCut(from: string, to: string): boolean {
    for (const cut of this.#cuts) if (cut(from, to)) return true
    return false
  }

  #carry({ kind, from, to, link }: Packet, pass: () => void): void {
    if (kind === 'dial' && this.#parts.random.chance(this.#settings.lossOfDials)) return
    if (this.#isCut(from, to)) return void this.#lost.add(link)
    this.#arrive(link, to, () => {
      if (this.hosts.get(to)?.isSilent) this.#lost.add(link)
      else pass()
    })
  }

  /** Where the process is gone, the machine answers for it, as the world. */
  #arrive(link: number, to: string, run: () => void): void {
    const { time } = this.#parts
    const route = `${link} ${to}`
    const due = Math.max(time.now + this.#latency(to), this.#due.get(route) ?? 0)
    this.#due.set(route, due)
    const lifeThen = () => {
      const life = this.hosts.get(to)?.life
      return life?.state === 'over' ? undefined : life
    }
    time.arrive(lifeThen, due - time.now, () => {
      if (this.#due.get(route) === due) this.#due.delete(route)
      run()
    })
  }

  #latency(to: string): number {
    const { latency, jitter } = this.#settings
    const extra = jitter > 0 ? this.#parts.random.int(0, Math.round(jitter)) : 0
    return latency + extra + (this.#slow.get(to) ?? 0)
  }

  /** This end of a link learns that it is broken, as fast as a packet of the other end would come. */
  #break(end: MemoryLink): void {
    this.#arrive(end.number, end.peer?.key ?? '', () => end.break(new Error(BROKEN)))
  }

  /** Where packets pass again, each end learns of what was lost, and of ends that are gone: what keepalive does in real networks. */
  sweep(): void {
    for (const [name, { endpoint }] of this.hosts) {
      for (const link of endpoint.links) {
        const other = link.key
        if (this.#isCut(name, other) || this.#isCut(other, name)) continue
        if (this.#lost.has(link.number) || !link.peer?.open) this.#break(link)
      }
    }
  }
}
