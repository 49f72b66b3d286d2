import { readFile } from 'node:fs/promises'
import { faultsOf } from '@conn-hub/testkit'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { connectedWith, sessionOf } from './port/setup.js'
import { A, outcomeOf, setup } from './setup.js'

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')

/** The faults of the table, each with the outcome that it expects. */
const rows = faultsOf(readme)

const HOLD = 10_000
const CLOSE = 5_000

const dialing = () => {
  const world = setup({ dialTimeout: 1_000, holdTimeout: HOLD })
  const connecting = world.hub.connect(A)
  connecting.catch(() => {})
  return { ...world, connecting, attempt: world.transport.lastDial.attempt }
}

/** Says how a connection that was asked to close has ended. */
const afterDisconnect = async (...sessions: ReturnType<typeof sessionOf>[]) => {
  const world = connectedWith(...sessions)
  const outcome = world.hub.disconnect(A, { reason: 'enough' })
  outcome.catch(() => {})
  vi.advanceTimersByTime(CLOSE)
  return { ...world, outcome: await outcomeOf(outcome), last: world.recording.events.at(-1) }
}

const remoteEnd = (reason: unknown) => {
  const session = sessionOf()
  const { recording } = connectedWith(session)
  session.end(undefined, reason as string)
  return recording.events.at(-1)
}

const never = (): never => {
  throw new Error('the hub called it')
}

/** Each fault, played; what is expected in it stands in the other cell. */
const stories: Record<string, () => unknown> = {
  'a `hold` that is never released': async () => {
    const { connecting, attempt } = dialing()
    attempt.hold('a permit')
    vi.advanceTimersByTime(HOLD)
    const error = await connecting.catch((given) => given)
    expect(error).toMatchObject({ code: 'DIAL_TIMEOUT' })
    expect(error.message).toContain('a permit')
  },
  'a `hold` that is released twice': async () => {
    const { connecting, attempt } = dialing()
    const release = attempt.hold('one')
    attempt.hold('two')
    release()
    release()
    vi.advanceTimersByTime(HOLD - 1)
    expect(await outcomeOf(connecting)).toBe('pending')
  },
  'a `hold` that is released after the end': () => {
    const { hub, attempt, transport, onError } = dialing()
    const release = attempt.hold('one')
    transport.lastDial.succeed()
    const entry = hub.get(A)
    release()
    expect([hub.get(A), vi.getTimerCount(), onError.mock.calls]).toEqual([entry, 0, []])
  },
  'two holds, one released': async () => {
    const { hub, connecting, attempt } = dialing()
    attempt.hold('one')
    attempt.hold('two')()
    vi.advanceTimersByTime(HOLD - 1)
    expect(hub.get(A)).toMatchObject({ waits: 'one' })
    expect(await outcomeOf(connecting)).toBe('pending')
  },
  '`destroy()` that throws': async () => {
    const session = sessionOf('refuse', 'throws')
    const { hub, last, onError } = await afterDisconnect(session)
    expect(last?.type).toBe('disconnecting-failed')
    expect(hub.get(A)).toMatchObject({ state: 'connected', sessions: [session] })
    expect(onError.mock.calls[0]?.[1]).toMatchObject({ call: 'destroy' })
  },
  '`destroy()` that does nothing': async () => {
    const { hub, last, outcome } = await afterDisconnect(sessionOf('refuse', 'says nothing'))
    expect([hub.size, outcome]).toEqual([0, true])
    expect(last).toMatchObject({ type: 'disconnected', error: { code: 'CLOSE_TIMEOUT' } })
  },
  '`destroy()` while the entry is connected anew': () => {
    const [old, next] = [sessionOf('refuse', 'tells'), sessionOf('refuse', 'tells')]
    const { hub, transport } = connectedWith(old)
    hub.disconnect(A)
    old.end()
    transport.inbound(A, next)
    vi.advanceTimersByTime(CLOSE * 2)
    expect([old.destroyCalls, next.destroyCalls, hub.getState(A)]).toEqual([0, 0, 'connected'])
  },
  '`close()` that rejects, with `destroy()`': async () => {
    const session = sessionOf('reject', 'tells')
    const { hub, recording } = connectedWith(session)
    expect(await outcomeOf(hub.disconnect(A))).toBe(true)
    const error = { code: 'CLOSE_FAILED' }
    expect(recording.events.at(-1)).toMatchObject({ type: 'disconnected', error })
    expect(session.destroyCalls).toBe(1)
  },
  '`close()` that rejects, without `destroy()`': async () => {
    const { hub, recording } = connectedWith(sessionOf('reject'))
    expect(await outcomeOf(hub.disconnect(A))).toBe('CLOSE_FAILED')
    expect(recording.events.at(-1)?.type).toBe('disconnecting-failed')
    expect(hub.getState(A)).toBe('connected')
  },
  'a refused session whose `onClosed()` throws': async () => {
    const { hub, transport } = dialing()
    hub.disconnect(A)
    const late = sessionOf('refuse', 'says nothing', { direction: 'outbound' })
    late.onClosed = () => {
      throw new Error('onClosed() threw')
    }
    transport.lastDial.succeed(late)
    expect([late.reasons, late.destroyCalls]).toEqual([['late'], 1])
    expect(await outcomeOf(hub.close())).toBe(undefined)
  },
  'a late session that hangs in `close()`': () => {
    const { hub, transport, recording } = dialing()
    hub.disconnect(A)
    const late = sessionOf('refuse', 'tells', { direction: 'outbound' })
    transport.lastDial.succeed(late)
    vi.advanceTimersByTime(CLOSE)
    expect([late.reasons, late.destroyCalls]).toEqual([['late'], 1])
    expect(recording.events.map(({ type }) => type)).not.toContain('connected')
  },
  'two sessions that hang, one with `destroy()`': async () => {
    const [one, two] = [sessionOf('refuse', 'tells'), sessionOf('refuse')]
    const { hub, last } = await afterDisconnect(one, two)
    expect([one.destroyCalls, last?.type]).toEqual([1, 'disconnecting-failed'])
    expect(hub.get(A)).toMatchObject({ state: 'connected', sessions: [two] })
  },
  '`probe()` that never settles': async () => {
    const session = Object.assign(sessionOf(), { probe: never })
    const { outcome, onError } = await afterDisconnect(session)
    expect([outcome, onError.mock.calls]).toEqual([true, []])
  },
  '`traffic()` that throws': async () => {
    const session = Object.assign(sessionOf(), { traffic: never })
    const { outcome, onError } = await afterDisconnect(session)
    expect([outcome, onError.mock.calls]).toEqual([true, []])
  },
  'a reason of 1 MB with control characters': () => {
    const event = remoteEnd('\u001b[2J\u202e\0'.repeat(200_000)) as { reason: string }
    expect(event).toMatchObject({ initiator: 'remote' })
    expect(event.reason).toMatch(/^[\x20-\x7e]+$/)
    expect(event.reason.length).toBeLessThanOrEqual(123)
    const wide = remoteEnd('€'.repeat(1_000)) as { reason: string }
    expect(Buffer.byteLength(wide.reason)).toBe(123)
  },
  'a Buffer for a reason': () => {
    const event = remoteEnd(Buffer.from('reset'))
    expect(event).toMatchObject({ reason: 'session-closed', initiator: 'remote' })
  },
  "the hub's own words from the other side": () => {
    for (const reason of ['hub-closed', 'reset', 'aborted', 'disconnect', 'wrong-peer', 'limit']) {
      expect(remoteEnd(reason)).toMatchObject({ reason, initiator: 'remote' })
    }
  },
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('the faults of the README', () => {
  it('have each a story, and each story has its fault', () => {
    expect([...rows.keys()].sort()).toEqual(Object.keys(stories).sort())
    expect(rows.size).toBe(17)
  })

  it.each([...rows])('%s: %s', async (fault) => {
    const play = stories[fault]
    if (!play) throw new Error(`nobody plays "${fault}"`)
    await play()
  })
})
