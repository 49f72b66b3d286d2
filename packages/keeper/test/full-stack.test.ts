import { createHub } from '@conn-hub/core'
import { createFaultTransport, nearTheEnd } from '@conn-hub/testkit'
import { expect, it, vi } from 'vitest'
import { createKeeper, type Kept } from '../src/index.js'
import { watchLiveness } from '../src/liveness/index.js'
import { Heap, type Scheduled } from '../src/time/heap.js'
import { A, B, C, fakeTime, pass } from './setup.js'

fakeTime()

/** Three intents: one is open, one is known by its key and open, one waits. */
const begin = async () => {
  const transport = createFaultTransport({ self: 'me' })
  const hub = createHub({ transport, onError: () => {} })
  const keeper = createKeeper(hub, { random: () => 0.5 })
  const liveness = watchLiveness(hub, { random: () => 0.5 })
  const all = [keeper.keep(A), keeper.keep({ key: 'b', addresses: [B] }), keeper.keep(C)]
  await pass(100)
  const dialOf = (address: string) => transport.dials.find((dial) => dial.address === address)
  const open = [dialOf(A)?.succeed(), dialOf(B)?.succeed()]
  dialOf(C)?.fail()
  await pass(0)
  expect(all.map(({ state }) => state)).toEqual(['connected', 'connected', 'waiting'])
  return { hub, keeper, liveness, transport, all, open }
}

type World = Awaited<ReturnType<typeof begin>>

const ACTS: Record<string, (world: World) => void> = {
  'a session ends': ({ open }) => open[0]?.end(),
  'a session that has proved a key ends': ({ open }) => open[1]?.end(),
}

const isRight = ({ hub }: World, { state, nextAt, key, addresses: [address = ''] }: Kept) => {
  const entries = key === undefined ? [hub.get(address)] : hub.byKey(key)
  const isOpen = entries.some((entry) => entry?.sessions.length)
  if (isOpen || state === 'connected') return isOpen && state === 'connected' && !nextAt
  return state === 'connecting' || (state === 'waiting' && (nextAt ?? 0) >= Date.now())
}

let unheard = 0

it.each(Object.entries(ACTS))(
  'whatever the keeper has not heard because the stack was full, it sees within 35 s: %s',
  async (_, act) => {
    for (let [room, heardInRow] = [0, 0]; heardInRow < 30; room++) {
      const world = await begin()
      const { hub, keeper, liveness, all } = world
      nearTheEnd(room, () => act(world))
      await pass(0)
      const isHeard = all.every((kept) => isRight(world, kept))
      if (!isHeard) unheard++
      // With little room not even the hub has heard of it.
      heardInRow = isHeard && hub.size < 2 ? heardInRow + 1 : 0
      await pass(35_000)
      expect([room, all.filter((kept) => !isRight(world, kept))]).toEqual([room, []])
      const sessions = hub.snapshot().flatMap((entry) => [...entry.sessions])
      const watched = [...liveness.entries()].map(({ session }) => session)
      expect([room, watched.length]).toEqual([room, sessions.length])
      expect(watched).toEqual(sessions)
      keeper.close()
      liveness.close()
      expect([room, vi.getTimerCount()]).toEqual([room, 0])
    }
  },
)

it('and some of it had not been heard: else the tests above would say nothing', () => {
  expect(unheard).toBeGreaterThan(0)
})

it('an end of the hub that neither has heard is seen, too', async () => {
  const hub = createHub({ transport: createFaultTransport() })
  const own: typeof hub = Object.create(hub, { on: { value: () => () => {} } })
  const [keeper, liveness] = [createKeeper(own), watchLiveness(own)]
  const kept = keeper.keep(A)
  expect(kept.state).toBe('waiting')
  await hub.close()
  await pass(35_000)
  expect([kept.state, [...liveness.entries()], vi.getTimerCount()]).toEqual(['released', [], 0])
})

it('a heap that was cut short anywhere is whole again once it is filled', () => {
  let broken = 0
  for (let room = 0; room < 40; room++) {
    const heap = new Heap<Scheduled>()
    const items = Array.from({ length: 100 }, (_, n): Scheduled => ({ nextAt: 100 - n, place: 0 }))
    heap.fill(items)
    nearTheEnd(room, () => {
      heap.remove(items[50] as Scheduled)
    })
    if (!heap.isWhole) broken++
    heap.fill(items)
    for (let at = 1; at <= 100; at++) {
      const { first } = heap
      expect([heap.size, first?.nextAt]).toEqual([101 - at, at])
      heap.remove(first as Scheduled)
    }
  }
  expect(broken).toBeGreaterThan(0)
})
