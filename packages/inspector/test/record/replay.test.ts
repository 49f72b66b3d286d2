import { createHub, isHubError } from '@conn-hub/core'
import { createView } from '@conn-hub/core/view'
import { createFaultTransport } from '@conn-hub/testkit'
import { describe, expect, it, vi } from 'vitest'
import { record, replay } from '../../src/record/index.js'
import { A, B } from './support.js'

/** The text of a short record: two come, one goes. */
const recorded = async (): Promise<string> => {
  const transport = createFaultTransport()
  const hub = createHub({ transport, onError: () => {} })
  const texts: string[] = []
  const recorder = record(hub, (text) => void texts.push(text))
  transport.inbound(A)
  transport.inbound(B)
  transport.acceptAnything(7)
  transport.sessions[0]?.end(new Error('lost'), 'bye')
  await recorder.stop()
  await hub.close()
  return texts.join('')
}

describe('a replayed hub', () => {
  it('has seen nothing yet, and tells all to whoever listens first', async () => {
    const hub = replay(await recorded())
    expect([hub.size, hub.at, hub.closed]).toEqual([0, undefined, false])
    const told: string[] = []
    for (const type of ['*', 'session', 'session-closed', 'refused', 'error'] as const) {
      hub.on(type, (event) => void told.push(`${type} ${'seq' in event ? event.seq : ''}`.trim()))
    }
    const states: unknown[] = []
    // As in a hub, what is told is true already.
    hub.on('connected', ({ address }) => void states.push(hub.getState(address)))
    hub.play()
    expect(told).toEqual([
      '* 1',
      'session',
      '* 2',
      'session',
      'refused',
      'error',
      'session-closed',
      '* 3',
    ])
    expect(states).toEqual(['connected', 'connected'])
    expect(hub.snapshot().map(({ address }) => address)).toEqual([B])
    expect(hub.byKey('b')).toEqual([hub.get(B)])
    expect([...hub.entries()]).toEqual(hub.snapshot())
    expect(hub.snapshot()).toBe(hub.snapshot())
    expect(hub.next()).toBe(false)
  })

  it('goes step by step, or to a moment', async () => {
    const lines = (await recorded()).split('\n')
    const moved = lines.map((line, i) => line.replace(/"at":\d+/, `"at":${i * 1_000}`))
    const hub = replay(moved)
    hub.play(1_999)
    expect([hub.at, hub.size]).toEqual([1_000, 1])
    expect(hub.next()).toBe(true)
    expect([hub.at, hub.size]).toEqual([2_000, 2])
    hub.play()
    expect(hub.size).toBe(1)
  })

  it('feeds views, and what is built on them', async () => {
    const hub = replay(await recorded())
    const view = createView(hub, 'changes')
    view.start(() => {})
    expect(view.take()?.added).toEqual([])
    hub.play()
    expect(view.take()?.added.map(({ address }) => address)).toEqual([B])
    await hub.close()
    expect(view.take()).toBeUndefined()
    expect(view.ended).toBe(true)
  })

  it('cannot be acted on', async () => {
    const hub = replay(await recorded())
    for (const call of [hub.connect(A), hub.disconnect(A), hub.reset()]) {
      await expect(call).rejects.toMatchObject({ code: 'READ_ONLY' })
    }
    expect(() => hub.update(A, {})).toThrow(expect.objectContaining({ code: 'READ_ONLY' }))
    await hub.close()
    expect(() => hub.on('*', () => {})).toThrow(expect.objectContaining({ code: 'HUB_CLOSED' }))
    expect(hub.subscribe(() => {})()).toBeUndefined()
  })

  it('goes on where a listener throws, asks for more, or leaves', async () => {
    const printed = vi.spyOn(console, 'error').mockImplementation(() => {})
    const hub = replay(await recorded())
    const seqs: number[] = []
    hub.on('*', () => {
      expect(hub.next()).toBe(false)
      throw new Error('a bug')
    })
    const stop = hub.on('*', ({ seq }) => {
      seqs.push(seq)
      if (seq === 2) stop()
    })
    hub.play()
    expect(seqs).toEqual([1, 2])
    expect(printed).toHaveBeenCalledTimes(3)
    printed.mockRestore()
  })
})

it('goes on where the console throws, too', async () => {
  const printed = vi.spyOn(console, 'error').mockImplementation(() => {
    throw new Error('no console')
  })
  const hub = replay(await recorded())
  hub.on('change', () => {
    throw new Error('a bug')
  })
  hub.play()
  expect(hub.size).toBe(1)
  expect(printed).toHaveBeenCalled()
  printed.mockRestore()
})

it('has a session for each connected, also where the line has lost its number', () => {
  const session = { id: 1, direction: 'outbound' }
  const times = { createdAt: 1, since: 1, updatedAt: 1 }
  const entry = { address: A, state: 'connected', sessions: [session], ...times }
  const hub = replay([JSON.stringify({ type: 'connected', at: 1, seq: 1, address: A, entry })])
  const told: unknown[] = []
  hub.on('connected', ({ session, direction }) => told.push(session.direction, direction))
  hub.play()
  expect(told).toEqual(['outbound', 'outbound'])
})

describe('what is no record', () => {
  it('is skipped and counted, line by line', () => {
    const entry = {
      address: A,
      state: 'connected',
      sessions: [{ id: 1, direction: 'inbound' }],
      createdAt: 1,
      since: 1,
      updatedAt: 1,
    }
    // What has no text of its own: to print it throws.
    const object = { toString: 1, valueOf: 1 }
    const deepLine = JSON.stringify({ type: 'entry', at: 1, entry: { ...entry, data: 0 } }).replace(
      '"data":0',
      () => `"data":${'['.repeat(20_000)}${']'.repeat(20_000)}`,
    )
    const wrong = [
      'no JSON',
      '{"type":"connected","at":1',
      'null',
      '[]',
      '"text"',
      '{}',
      { type: 'connected', at: 'now', address: A },
      { type: 'connected', at: 1, address: 7 },
      { type: 'connected', at: 1, address: A, entry: { ...entry, state: 'flying' } },
      { type: 'connected', at: 1, address: A, entry: { ...entry, address: B } },
      { type: 'connected', at: 1, address: A, entry: { ...entry, sessions: [null] } },
      { type: 'connected', at: 1, address: A, entry: { ...entry, key: {} } },
      { type: 'connected', at: 1, address: A, session: 1 },
      { type: 'error', at: 1, origin: 'transport', call: 'x', error: null },
      { type: 'connected', at: 1, address: A, entry: { ...entry, sessions: [] } },
      { type: 'connected', at: 1, address: A, entry: { ...entry, state: 'connecting' } },
      { type: 'connected', at: 1, address: A },
      { type: 'change', at: 1, address: A, entry: { ...entry, state: 'connecting' } },
      { type: 'change', at: 1, address: A, entry: { ...entry, state: 'disconnecting' } },
      '{"type":"close","at":1e999}',
      { type: 'close', at: 1e300 },
      { type: 'change', at: 1, address: A, entry: { ...entry, since: 1e300 } },
      { type: 'begin', at: 1, version: object, lost: 0 },
      { type: 'error', at: 1, origin: 'transport', call: 'x', error: { code: object } },
      { type: 'error', at: 1, origin: 'transport', call: 'x', error: { message: object } },
      { type: 'error', at: 1, origin: 'transport', call: 'x', error: {}, address: object },
      { type: 'disconnected', at: 1, address: A, error: { message: object } },
      { type: 'disconnected', at: 1, address: A, initiator: object },
      { type: 'refused', at: 1, by: 'hub' },
      { type: 'refused', at: 1, by: 'hub', why: 'late', direction: 'inbound', address: object },
      { type: 'refused', at: 1, by: 'hub', why: 'late', direction: 'inbound', key: object },
      { type: 'refused', at: 1, by: 'hub', why: 'late', direction: 'inbound', kind: object },
      deepLine,
      { type: 'of a newer kind', at: 1 },
      { type: '__proto__', at: 1 },
    ]
    const right = { type: 'connected', at: 1, seq: 1, address: A, entry }
    const lines = [...wrong, right].map((line) =>
      typeof line === 'string' ? line : JSON.stringify(line),
    )
    const hub = replay([...lines, '', ' '])
    hub.play()
    expect(hub.skipped).toBe(wrong.length)
    expect(hub.getState(A)).toBe('connected')
  })

  it('is left out of an entry and of a refusal, too, however deep it is', () => {
    const times = { createdAt: 1, since: 1, updatedAt: 1 }
    const entry = { address: A, state: 'connecting', sessions: [], ...times, more: 0 }
    const refused = {
      type: 'refused',
      at: 1,
      by: 'hub',
      why: 'late',
      direction: 'inbound',
      more: 0,
    }
    const deep = `"more":${'['.repeat(20_000)}${']'.repeat(20_000)}`
    const lines = [{ type: 'entry', at: 1, entry }, refused, { type: 'entry', at: 1, entry }]
    const hub = replay(lines.map((line) => JSON.stringify(line).replace('"more":0', () => deep)))
    const told: unknown[] = []
    hub.on('refused', (refusal) => told.push(refusal))
    hub.play()
    told.push(...hub.snapshot())
    expect(hub.skipped).toBe(0)
    expect(told.map((what) => Object.keys(what as object).includes('more'))).toEqual([false, false])
  })

  it('is taken in a time that grows with its length alone, whatever an entry says of its sessions', () => {
    const sessions = Array.from({ length: 100_000 }, (_, id) => ({ id, direction: 'inbound' }))
    const times = { createdAt: 1, since: 1, updatedAt: 1 }
    const entry = { address: A, state: 'connected', sessions, ...times }
    const turned = { ...entry, sessions: [...sessions].reverse() }
    const lines = [entry, turned, entry].map((entry) => ({
      type: 'change',
      at: 1,
      address: A,
      entry,
    }))
    // By a walk of all for each it would be minutes.
    const hub = replay(lines.map((line) => JSON.stringify(line)))
    hub.play()
    expect([hub.skipped, hub.get(A)?.sessions.length]).toEqual([0, 100_000])
  })

  it('is taken in a time that grows with its length alone, however many parts begin', () => {
    const times = { createdAt: 1, since: 1, updatedAt: 1 }
    const entries = Array.from({ length: 30_000 }, (_, i) => {
      const entry = { address: `fault:${i}`, state: 'connecting', sessions: [], ...times }
      return JSON.stringify({ type: 'change', at: 1, address: entry.address, entry })
    })
    const begin = JSON.stringify({ type: 'begin', version: 1, run: 'one', at: 1, lost: 0 })
    const hub = replay([begin, ...entries, ...Array(30_000).fill(begin)])
    hub.play()
    expect(hub.size).toBe(30_000)
  })

  it('of a newer version is refused, with what to do', () => {
    const hub = replay('{"type":"begin","version":2,"at":1,"lost":0}')
    let thrown: unknown
    try {
      hub.play()
    } catch (error) {
      thrown = error
    }
    expect(isHubError(thrown)).toBe(true)
    expect(thrown).toMatchObject({
      code: 'UNKNOWN_VERSION',
      message: expect.stringContaining('newer'),
    })
    for (const lines of [undefined, null, 7, {}]) {
      expect(() => replay(lines as never)).toThrow(
        expect.objectContaining({ code: 'INVALID_OPTION' }),
      )
    }
  })
})
