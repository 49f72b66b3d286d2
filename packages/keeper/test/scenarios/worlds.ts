import type { MemoryLink } from '@conn-hub/conformance'
import { createHub, decorate, type Hub, HubError, type Transport } from '@conn-hub/core'
import type { Peer, Setup, World } from '@conn-hub/simulation'
import { createKeeper, type Keeper, type KeeperOptions, type Kept } from '../../src/index.js'
import { type LivenessOptions, watchLiveness } from '../../src/liveness/index.js'

export interface KeepingPeer {
  readonly peer: Peer
  /** Of the process that runs now. */
  readonly keeper: Keeper
  readonly kept: readonly Kept[]
  /** When it began to dial, in ms since the world began. */
  readonly dials: number[]
  /** How its connections ended: `address initiator, reason`. */
  readonly ends: string[]
}

interface Parts {
  readonly name?: string
  readonly keep: readonly Parameters<Keeper['keep']>[0][]
  readonly options?: KeeperOptions
  readonly liveness?: LivenessOptions
  readonly transport?: (transport: Transport<MemoryLink>) => Transport<MemoryLink>
  readonly more?: (hub: Hub<MemoryLink>) => void
}

/** A peer that keeps connections; at each restart anew. */
export const keepingPeer = (world: World, parts: Parts): KeepingPeer => {
  const { name = 'client', keep, options, liveness, transport: wrap = (t) => t, more } = parts
  const [dials, ends]: [number[], string[]] = [[], []]
  let running: { keeper: Keeper; kept: Kept[] } | undefined
  const setup: Setup = ({ transport, random }) => {
    const hub = createHub({ transport: wrap(transport), onError: () => {} })
    hub.on('connecting', () => dials.push(world.now))
    hub.on('disconnected', ({ address, initiator, reason }) =>
      ends.push(`${address} ${initiator}, ${reason}`),
    )
    const keeper = createKeeper(hub, { random, ...options })
    if (liveness) watchLiveness(hub, { random, ...liveness })
    more?.(hub)
    running = { keeper, kept: keep.map((what) => keeper.keep(what)) }
    return hub
  }
  const peer = world.peer(name, setup)
  return {
    peer,
    dials,
    ends,
    get keeper() {
      return running?.keeper as Keeper
    },
    get kept() {
      return running?.kept ?? []
    },
  }
}

/** A transport whose dials fail with a code, a moment later, as long as `isRefused` says so. */
export const refusing =
  (code: string, isRefused: () => boolean) =>
  (transport: Transport<MemoryLink>): Transport<MemoryLink> =>
    decorate(transport, {
      dial: (address, attempt, inner) => {
        if (!isRefused()) return inner(address, attempt)
        const timer = setTimeout(() => attempt.fail(new HubError(code, 'No.')), 50)
        attempt.ended(() => clearTimeout(timer))
      },
    })

/** One link for each proved key, by hand: the side with the lower key closes what the higher one has dialed, once the other link has answered. */
export const onePerKey = (hub: Hub<MemoryLink>, self: string): void => {
  const open = new Map<MemoryLink, string>()
  hub.on('session-closed', ({ session }) => open.delete(session.handle))
  hub.on('session', async ({ session, address }) => {
    const link = session.handle
    open.set(link, address)
    if (self > link.key) return
    const twins = [...open.keys()].filter(({ key }) => key === link.key)
    const survivor = twins.find(({ direction }) => direction === 'outbound')
    if (!survivor || twins.length < 2) return
    await survivor.probe(AbortSignal.timeout(5_000)).catch(() => {})
    for (const twin of twins) {
      const at = open.get(twin)
      if (twin === survivor || !survivor.open || at === undefined || hub.closed) continue
      hub.disconnect(at, { session: twin, reason: 'duplicate' }).catch(() => {})
    }
  })
}
