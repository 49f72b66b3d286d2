import { createHub } from '@conn-hub/core'
import { createFaultTransport, type FaultSession } from '@conn-hub/testkit'
import { afterEach, beforeEach, vi } from 'vitest'
import { createKeeper, type KeeperOptions, type Kept } from '../src/index.js'

export { switchedNetwork } from '@conn-hub/testkit'

export const [A, B, C] = ['fault:a', 'fault:b', 'fault:c'] as const

/** Time stands still unless a test lets it pass. */
export const fakeTime = () => {
  beforeEach(() => void vi.useFakeTimers({ now: 1_700_000_000_000 }))
  afterEach(() => void vi.useRealTimers())
}

export const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

/** A hub with a keeper, over a transport that does as the test says. Chance gives one half. */
export const setup = (options: KeeperOptions = {}) => {
  const transport = createFaultTransport({ self: 'me' })
  const onError = vi.fn()
  const hub = createHub({ transport, onError })
  const keeper = createKeeper(hub, { random: () => 0.5, ...options })
  /** How the intents changed, one line each. */
  const changes: string[] = []
  keeper.on('change', ({ addresses, state }) => changes.push(`${addresses[0]} ${state}`))
  return { transport, hub, keeper, onError, changes }
}

/** In how many ms it will be dialed. */
export const waitOf = ({ nextAt }: Kept): number | undefined =>
  nextAt === undefined ? undefined : nextAt - Date.now()

/** A connection that is kept, and is open. */
export const connected = async (options: KeeperOptions = {}, address: string = A) => {
  const world = setup(options)
  const kept = world.keeper.keep(address)
  await pass(0)
  const session: FaultSession = world.transport.lastDial.succeed()
  await pass(0)
  return { ...world, kept, session }
}
