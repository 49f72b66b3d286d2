import type { Session } from '@conn-hub/core'
import { FaultSession, until } from '@conn-hub/testkit'
import { describe, expect, it, vi } from 'vitest'
import { DOWN_LIMIT } from '../src/kept/down.js'
import { ask, setup } from './support.js'

type Scene = Awaited<ReturnType<typeof setup>>

const dial = ({ hub, transport }: Scene, name: string, data?: Record<string, unknown>) => {
  hub.connect(`fault:${name}`, data && { data }).catch(() => {})
  return transport.lastDial
}

/** What a page that is opened now is told beside. */
const aside = async ({ stream }: Scene) => {
  const reader = await stream()
  await reader.saw('aside')
  reader.close()
  return reader
}

describe('who is down', () => {
  it('is who was dialed in vain: since when, how often, and why', async () => {
    const scene = await setup()
    dial(scene, 'a', { name: 'Anna' }).fail(new Error('no route'))
    dial(scene, 'a', { name: 'Anna' }).fail(new Error('no answer'))
    dial(scene, 'b').fail()
    dial(scene, 'b').succeed()
    const reader = await aside(scene)
    const [first] = reader.events.filter(({ type }) => type === 'connecting-failed')
    expect(reader.aside('down')).toEqual({
      all: true,
      gone: [],
      set: [
        {
          address: 'fault:a',
          key: 'a',
          kind: 'fault',
          label: 'Anna',
          since: first?.at,
          lastAt: expect.any(Number),
          tries: 2,
          isTrying: false,
          error: { code: 'DIAL_FAILED', message: expect.stringContaining('no answer') },
        },
      ],
    })
  })

  it('is whose link broke, or was ended by the other side after we had dialed; not a visitor that leaves', async () => {
    const scene = await setup()
    scene.open('visitor').end()
    scene.open('broken').end(new Error('reset'))
    dial(scene, 'dialed').succeed().end(undefined, 'going home')
    dial(scene, 'ours').succeed()
    await scene.hub.disconnect('fault:ours')
    dial(scene, 'silent').succeed()
    await scene.hub.disconnect('fault:silent', { reason: 'unresponsive' })
    const reader = await aside(scene)
    const down = reader
      .aside('down')
      ?.set.map(({ address, reason, tries }) => [address, reason, tries])
    expect(down).toEqual([
      ['fault:broken', 'session-closed', 0],
      ['fault:dialed', 'going home', 0],
      ['fault:silent', 'unresponsive', 0],
    ])
  })

  it('is told while one looks: a new try, and the end of it', async () => {
    const scene = await setup()
    dial(scene, 'a').fail()
    const reader = await scene.stream()
    await reader.saw('aside')
    const again = dial(scene, 'a')
    await until(() => reader.aside('down')?.set[0]?.isTrying === true, 'the try is told')
    again.succeed()
    await until(() => reader.aside('down')?.gone[0] === 'fault:a', 'it is told to be back')
    expect(reader.aside('down')).toEqual({ set: [], gone: ['fault:a'], all: false })
  })

  it('is no one of whom we have said that we do not want it', async () => {
    const scene = await setup()
    dial(scene, 'a').fail()
    dial(scene, 'a')
    await scene.hub.disconnect('fault:a')
    const reader = await scene.stream()
    await reader.heard(5)
    await reader.saw('aside')
    expect(reader.aside('down')).toEqual({ set: [], gone: [], all: true })
  })

  it('stays whoever gave up waiting for the next try', async () => {
    const scene = await setup()
    dial(scene, 'a').fail()
    const waiting = new AbortController()
    scene.hub.connect('fault:a', { signal: waiting.signal }).catch(() => {})
    waiting.abort()
    const reader = await scene.stream()
    await reader.heard(5)
    await reader.saw('aside')
    expect(reader.aside('down')?.set).toMatchObject([{ tries: 1, isTrying: false }])
  })

  it('is of 500 at most, and a reader that missed who left is told all', async () => {
    const scene = await setup()
    dial(scene, 'first').fail()
    const reader = await scene.stream()
    await reader.saw('aside')
    for (let i = 0; i < 3 * DOWN_LIMIT; i++) dial(scene, `p${i}`).fail()
    const known = new Set<string>()
    const fold = () => {
      known.clear()
      for (const { down } of reader.of('aside')) {
        if (down?.all) known.clear()
        for (const address of down?.gone ?? []) known.delete(address)
        for (const { address } of down?.set ?? []) known.add(address)
      }
      return known.has(`fault:p${3 * DOWN_LIMIT - 1}`)
    }
    await until(fold, 'the last is told')
    expect(known.size).toBe(DOWN_LIMIT)
    expect(known.has('fault:first')).toBe(false)
  })
})

describe('what was refused', () => {
  it('is told with why, the newest 200', async () => {
    const scene = await setup()
    dial(scene, 'a')
    for (let i = 0; i < 201; i++) scene.transport.inbound('fault:a', { key: `evil-${i}` })
    const reader = await aside(scene)
    const refused = reader.aside('refused') ?? []
    expect(refused).toHaveLength(200)
    expect(refused.at(-1)).toEqual({
      number: 201,
      at: expect.any(Number),
      by: 'hub',
      why: 'wrong-peer',
      direction: 'inbound',
      address: 'fault:a',
      key: 'evil-200',
    })
    expect(reader.aside('totals')?.refused).toEqual({ 'wrong-peer': 201 })
  })
})

describe('what is counted', () => {
  it('is how often dials failed and links broke, by code, and how long dials took', async () => {
    const scene = await setup()
    dial(scene, 'a').fail()
    dial(scene, 'a').fail()
    dial(scene, 'b')
      .succeed()
      .end(Object.assign(new Error('x'), { code: 'ECONNRESET' }))
    const totals = (await aside(scene)).aside('totals')
    expect(totals).toMatchObject({
      dials: 3,
      failed: { DIAL_FAILED: 2 },
      broken: { ECONNRESET: 1 },
    })
    expect(totals?.times.reduce((sum, count) => sum + count)).toBe(1)
  })

  it('has no more names than 25, whatever others call their errors', async () => {
    const scene = await setup()
    for (let i = 0; i < 100; i++) scene.open('a').end(Object.assign(new Error(), { code: `E${i}` }))
    scene.open('a').end(Object.assign(new Error(), { code: '__proto__' }))
    const { broken = {} } = (await aside(scene)).aside('totals') ?? {}
    expect(Object.keys(broken)).toHaveLength(25)
    expect(broken.other).toBe(77)
  })
})

describe('the counts over time', () => {
  it('are kept from the first look on, also while nobody looks: one a second at most, where they changed', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'], now: 1_000_000 })
    const scene = await setup()
    const second = (act: () => void) => {
      act()
      vi.advanceTimersByTime(1_000)
    }
    second(() => scene.open('a'))
    second(() => {})
    second(() => {
      scene.open('b')
      dial(scene, 'c')
    })
    const reader = await scene.stream()
    await reader.saw('samples')
    vi.useRealTimers()
    expect(reader.of('samples')).toEqual([
      {
        samples: [
          [1_000_000, 0, 0, 0],
          [1_001_000, 1, 0, 0],
          [1_002_000, 2, 0, 0],
          [1_003_000, 2, 1, 0],
        ],
      },
    ])
  })

  it('of an hour are told in steps of 10 s, the last two minutes in full', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'], now: 0 })
    const scene = await setup()
    for (let i = 0; i < 4_000; i++) {
      scene.open(`p${i}`)
      vi.advanceTimersByTime(1_000)
    }
    const reader = await scene.stream()
    await reader.saw('samples')
    vi.useRealTimers()
    const samples = reader.of('samples')[0]?.samples ?? []
    expect(samples.length).toBeLessThan(480)
    expect(samples[0]?.[0]).toBeGreaterThanOrEqual(400_000)
    expect(samples.slice(-121).map(([at]) => at)).toEqual(
      Array.from({ length: 121 }, (_, i) => 3_880_000 + i * 1_000),
    )
  })
})

describe('the traffic of a hub', () => {
  const counting = (bytesIn: number, traffic?: Session<unknown>['traffic']): FaultSession =>
    Object.assign(new FaultSession('inbound'), { traffic: traffic ?? (() => ({ bytesIn })) })

  it('is the sum over its sessions, those that have closed too', async () => {
    const scene = await setup()
    const { transport } = scene
    transport.inbound('fault:a', counting(10)).end()
    transport.inbound('fault:b', counting(5))
    transport.inbound('fault:c')
    transport.inbound(
      'fault:d',
      counting(0, () => {
        throw new Error('no figures')
      }),
    )
    transport.inbound('fault:e', counting(Number.NaN))
    const traffic = (await aside(scene)).aside('traffic')
    expect(traffic).toMatchObject({ bytesIn: 15, bytesOut: 0, sessions: 2 })
  })

  it('is not told where no transport counts', async () => {
    const scene = await setup()
    scene.open('a')
    expect((await aside(scene)).aside('traffic')).toBe(undefined)
  })
})

describe('a name', () => {
  it('is the text that the app keeps as name, or what the option gives', async () => {
    const scene = await setup()
    dial(scene, 'a', { name: 'Anna' }).succeed()
    dial(scene, 'b', { name: 7 }).succeed()
    const reader = await scene.stream()
    await reader.heard(4)
    expect([...reader.entries.values()].map(({ label }) => label)).toEqual(['Anna', undefined])
  })

  it('by an option that throws or gives nonsense is none, and a long one is cut', async () => {
    const label = ({ key }: { key?: string | undefined }) => {
      if (key === 'throws') throw new Error('x')
      return key === 'nonsense' ? (7 as never) : `${key}`.repeat(99)
    }
    const scene = await setup({ label })
    for (const name of ['throws', 'nonsense', 'ab']) dial(scene, name).succeed()
    const reader = await scene.stream()
    await reader.heard(6)
    expect([...reader.entries.values()].map((entry) => entry.label)).toEqual([
      undefined,
      undefined,
      'ab'.repeat(40),
    ])
  })

  it('of the hub, its key, its machine and its beginning are told first of all', async () => {
    const scene = await setup({ name: 'room 7', key: '@me' })
    const reader = await scene.stream()
    await reader.saw('hello')
    expect(reader.of('hello')[0]).toMatchObject({
      name: 'room 7',
      key: '@me',
      host: expect.stringContaining(`, process ${process.pid}`),
      startedAt: expect.any(Number),
      explain: false,
      fleet: false,
    })
  })
})

it('the summary is enough for the title of a page that is not looked at', async () => {
  const scene = await setup()
  scene.open('a')
  dial(scene, 'b').fail()
  const { body } = await ask(`${scene.inspector.url}summary`)
  expect(JSON.parse(body)).toEqual({
    hub: expect.any(String),
    at: expect.any(Number),
    seq: 3,
    connected: 1,
    down: 1,
    places: 32,
    taken: 0,
  })
})
