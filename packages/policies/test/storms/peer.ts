import { type Address, createHub, type Hub } from '@conn-hub/core'
import { createKeeper, type Keeper, type Kept } from '@conn-hub/keeper'
import { watchLiveness } from '@conn-hub/keeper/liveness'
import type { Peer, World } from '@conn-hub/simulation'
import { switchedNetwork } from '@conn-hub/testkit'
import { compose, createExplainer, type Explainer, prune } from '../../src/index.js'
import { callsOf } from './calls.js'
import { createClock } from './clock.js'
import { createStack, type Stack } from './stack.js'

/** What runs on one peer, at one start. */
export interface Running extends Stack {
  readonly hub: Hub<unknown>
  readonly keepers: readonly Keeper[]
  /** Of each intent its keeper. */
  readonly kept: Map<Kept, Keeper>
  readonly paused: Set<Keeper>
  readonly explainer: Explainer
  readonly online: { get(): boolean }
  /** Of all peers. */
  readonly names: readonly string[]
  /** Calls that have not settled; of a `connect()` its address. */
  readonly pending: Map<object, Address | undefined>
  /** Without any reaction. */
  look<T>(at: (running: Running) => T): T
}

const DEADLINES = { dialTimeout: 4_000, closeTimeout: 3_000, holdTimeout: 20_000 }
/** The watch takes a session for an orphan that is in no entry for longer: one that waits for a gate, for room, and for its end. */
const WATCH = { ...DEADLINES, closeTimeout: 20_000 }
/** Chance at its ends, too. */
const ENDS = [0, 0.999_999]

/** A peer with everything, that does anything. */
export const stormyPeer = (world: World, name: string, names: readonly string[]) => {
  let running: Running | undefined
  const peer: Peer = world.peer(
    name,
    ({ transport, random }) => {
      const inside = { left: 0 }
      let act: () => void = () => {}
      const react = () => {
        if (inside.left <= 0 || random.chance(0.7)) return
        inside.left--
        act()
      }
      const stack = createStack(random, react)
      const hub: Hub<unknown> = createHub({
        transport: compose(transport, ...stack.policies) as never,
        onError: react,
        ...DEADLINES,
      })
      const end = random.pick(ENDS)
      const chance = random.chance(0.2) ? () => end : random
      const [online, clock] = [switchedNetwork(), createClock()]
      const options = { random: chance, online, clock }
      const keepers = [
        createKeeper(hub, { ...options, healthy: 3_000, pausedBy: ['mine'] }),
        createKeeper(hub, options),
      ]
      if (random.chance(0.3)) watchLiveness(hub, { random: chance, online, onSilent: 'disconnect' })
      const { protect, protection, sessions, dials, flood, asks } = stack
      const pruning = prune(hub, { idle: 20_000, maxAge: 30_000, protect, random: chance })
      const sources = [sessions, dials, flood, asks, protection, pruning, ...keepers]
      const explainer = createExplainer(hub, sources)
      const kept = new Map<Kept, Keeper>()
      const paused = new Set<Keeper>()
      const pending: Running['pending'] = new Map()
      const parts = { ...stack, hub, keepers, kept, paused, explainer, pending, online, names }
      const calls = callsOf({ ...parts, clock, setOnline: online.set, random })
      act = () => void random.pick(calls)()
      for (const keeper of keepers) keeper.on('change', react)
      for (const type of TYPES) hub.on(type, react)
      // By its own timer: so that all that follows is its own, too.
      const timer = setInterval(() => {
        if (world.now >= world.duration) return clearInterval(timer)
        inside.left = random.pick([0, 0, 3, 6])
        act()
      }, 250)
      const own: Running = {
        ...parts,
        look: (at) => {
          const { left } = inside
          inside.left = 0
          const seen = at(own)
          inside.left = left
          return seen
        },
      }
      running = own
      return hub as never
    },
    WATCH,
  )
  return {
    peer,
    get running() {
      return running as Running
    },
  }
}

const TYPES = ['*', 'change', 'session', 'session-closed', 'refused', 'error', 'close'] as const
