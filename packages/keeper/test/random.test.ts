import { createHub } from '@conn-hub/core'
import { chanceOf, createFaultTransport, type FaultSession, turns } from '@conn-hub/testkit'
import { expect, it, vi } from 'vitest'
import { createKeeper, type Keeper, type Kept } from '../src/index.js'
import { watchLiveness } from '../src/liveness/index.js'
import { fakeTime, pass, switchedNetwork } from './setup.js'

// Whatever is called, from wherever, an intent shows what the hub has, and waits for something.

fakeTime()

const ADDRESSES = ['fault:a', 'fault:b', 'fault:c', 'fault:anonymous', 'bad'] as const
const KEYS = ['a', 'b', 'nobody'] as const
const REASONS = ['disconnect', 'mine', 'idle', 'duplicate', 'try-later', '__proto__'] as const
const WAYS = ['at-once', 'later', 'throw', 'reject', 'refuse'] as const
const TYPES = ['*', 'change', 'session', 'session-closed', 'refused', 'connecting-failed'] as const

const createStory = (random: () => number) => {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
  const transport = createFaultTransport({ self: 'me' })
  const onError = vi.fn()
  const hub = createHub<FaultSession>({ transport, onError })
  const online = switchedNetwork()
  const options = { random, online }
  const keepers = [
    createKeeper(hub, { ...options, pausedBy: ['mine'] }),
    createKeeper(hub, options),
  ]
  if (random() < 0.3) watchLiveness(hub, { ...options, onSilent: 'disconnect' })
  const all: { kept: Kept; keeper: Keeper }[] = []
  const controllers: AbortController[] = []
  const paused = new Set<Keeper>()

  const keep = () => {
    const keeper = pick(keepers)
    const [address, ...others] = [pick(ADDRESSES), pick(ADDRESSES)]
    const what = random() < 0.6 ? address : { key: pick(KEYS), addresses: [address, ...others] }
    const controller = new AbortController()
    all.push({ keeper, kept: keeper.keep(what, { until: controller.signal }) })
    if (random() < 0.2) controller.abort()
    else controllers.push(controller)
  }
  const pause = (keeper: Keeper) => {
    paused.add(keeper)
    keeper.pause('by chance')
  }
  const resume = (keeper: Keeper) => {
    paused.delete(keeper)
    keeper.resume()
  }
  const connect = () => {
    const controller = new AbortController()
    hub.connect(pick(ADDRESSES), { signal: controller.signal }).catch(() => {})
    if (random() < 0.3) setTimeout(() => controller.abort(), random() * 3_000)
  }
  const disconnect = () => {
    const address = pick(ADDRESSES)
    const session = random() < 0.5 ? pick(hub.get(address)?.sessions ?? []) : undefined
    const options = { reason: pick(REASONS), ...(session ? { session } : {}) }
    hub.disconnect(address, options).catch(() => {})
  }
  const succeed = () => {
    const session = pick(transport.dials)?.succeed()
    if (session && random() < 0.3) session.onClose = pick(WAYS)
  }
  const fail = () => {
    const code = pick(['REFUSED', 'TRY_LATER', 'LOST'])
    pick(transport.dials.slice(-3))?.fail(Object.assign(new Error('no'), { code }))
  }
  const calls = [
    ...[keep, connect, disconnect, succeed, fail],
    () => transport.dials.at(-1)?.succeed(),
    () => transport.inbound(pick(ADDRESSES.slice(0, 4)), random() < 0.3 ? { key: 'b' } : undefined),
    () => pick(transport.sessions)?.end(undefined, pick(REASONS)),
    () => pick(all)?.kept.release(),
    () => pick(all)?.kept.now(),
    () => pick(controllers)?.abort(),
    () => void pick(keepers).explain(pick(ADDRESSES)),
    () => void (random() < 0.1 && vi.setSystemTime(Date.now() + (random() - 0.5) * 7_200_000)),
    () => pause(pick(keepers)),
    () => resume(pick(keepers)),
    () => online.set(random() < 0.7),
    () => void (random() < 0.2 && hub.reset()),
  ]
  let reactions = 0
  const act = () => void pick(calls)()
  const react = () => {
    if (reactions <= 0 || random() > 0.3) return
    reactions--
    act()
  }
  for (const keeper of keepers) keeper.on('change', react)
  for (const type of TYPES) hub.on(type, react)
  transport.onDial = react

  /** So many calls inside of listeners. */
  const step = (inside: number) => {
    reactions = inside
    act()
  }
  return { hub, transport, onError, online, keepers, all, paused, step }
}

const look = ({ hub, online, all, paused }: ReturnType<typeof createStory>) => {
  for (const { kept, keeper } of all) {
    const { state, nextAt, key, addresses } = kept
    if (state === 'released') continue
    const entries = key === undefined ? [hub.get(addresses[0] ?? '')] : hub.byKey(key)
    const sessions = entries.flatMap(
      (entry): readonly { key?: string | undefined }[] => entry?.sessions ?? [],
    )
    const isOpen = sessions.some((session) => key === undefined || session.key === key)
    const isDialed = addresses.some((address) => hub.getState(address) === 'connecting')
    const isEnding = addresses.some((address) => hub.getState(address) === 'disconnecting')
    if (isOpen) expect(state).toBe('connected')
    else if (isDialed) expect(['connecting', 'connected']).toContain(state)
    // Another link of its key may satisfy an intent by address; a dial may wait for the end of a disconnect.
    else if (state === 'connected') expect(key).toBe(undefined)
    else if (state === 'connecting') expect(isEnding).toBe(true)
    else if (paused.has(keeper)) expect([state, nextAt]).toEqual(['paused', undefined])
    if (state === 'connected' || state === 'paused') expect(nextAt).toBe(undefined)
    if (state === 'waiting' && online.get()) expect(nextAt).toBeTypeOf('number')
  }
}

const play = async (random: () => number) => {
  const story = createStory(random)
  for (let n = 0; n < 60; n++) {
    story.step(random() < 0.5 ? 6 : 0)
    await turns()
    look(story)
    await pass(random() < 0.5 ? 0 : random() * (random() < 0.2 ? 40_000 : 3_000))
    look(story)
  }
  story.step(0)
  for (const session of story.transport.sessions) session.onClose = 'at-once'
  const { hub, keepers, online, all, onError } = story
  if (random() < 0.5) keepers[0]?.close()
  void hub.close()
  await pass(60_000)
  expect(all.every(({ kept }) => kept.state === 'released')).toBe(true)
  expect([online.listeners.size, vi.getTimerCount()]).toEqual([0, 0])
  expect(onError.mock.calls.filter(([, { origin }]) => origin === 'listener')).toEqual([])
}

it('whatever is called inside whatever, each intent shows what the hub has, and waits for something', async () => {
  const from = Number(process.env.KEEPER_FROM ?? 1)
  const seeds = Number(process.env.KEEPER_SEEDS ?? 100)
  for (let seed = from; seed < from + seeds; seed++) {
    await play(chanceOf(seed)).catch((error) => {
      throw new Error(`seed ${seed}: ${error.message}`, { cause: error })
    })
  }
}, 600_000)
