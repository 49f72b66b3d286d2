import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { A, outcomeOf, setup } from '../setup.js'
import { sessionOf } from './setup.js'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const begin = (options: Parameters<typeof setup>[0] = {}) => {
  const world = setup({ dialTimeout: 1_000, holdTimeout: 10_000, ...options })
  const connecting = world.hub.connect(A)
  connecting.catch(() => {})
  const { attempt } = world.transport.lastDial
  world.recording.lines()
  return { ...world, connecting, attempt }
}

describe('hold', () => {
  it('stops the clock of the dial, which begins anew in full when it is released', async () => {
    const { connecting, attempt } = begin()
    vi.advanceTimersByTime(900)
    const release = attempt.hold('queue')
    vi.advanceTimersByTime(5_000)
    release()
    vi.advanceTimersByTime(999)
    expect(await outcomeOf(connecting)).toBe('pending')
    vi.advanceTimersByTime(1)
    expect(await outcomeOf(connecting)).toBe('DIAL_TIMEOUT')
  })

  it('counts: the clock stands until the last is released, and each release acts once', async () => {
    const { connecting, attempt } = begin()
    const [one, two] = [attempt.hold('one'), attempt.hold('two')]
    one()
    one()
    one()
    vi.advanceTimersByTime(5_000)
    expect(await outcomeOf(connecting)).toBe('pending')
    two()
    vi.advanceTimersByTime(1_000)
    expect(await outcomeOf(connecting)).toBe('DIAL_TIMEOUT')
  })

  it('that was released does not start the clock a second time', async () => {
    const { connecting, attempt } = begin()
    const release = attempt.hold('queue')
    release()
    vi.advanceTimersByTime(600)
    release()
    vi.advanceTimersByTime(400)
    expect(await outcomeOf(connecting)).toBe('DIAL_TIMEOUT')
  })

  it('does nothing after the end of the attempt, and neither does its release', () => {
    const { hub, attempt, transport } = begin()
    const before = attempt.hold('before')
    transport.lastDial.succeed()
    const entry = hub.get(A)
    const release = attempt.hold('too late')
    release()
    before()
    expect(hub.get(A)).toBe(entry)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('of all together lasts holdTimeout at most; the error names the why that stands', async () => {
    const { connecting, attempt, recording } = begin()
    attempt.hold('first')()
    vi.advanceTimersByTime(500)
    attempt.hold('limit of 5 a host')
    vi.advanceTimersByTime(9_999)
    expect(await outcomeOf(connecting)).toBe('pending')
    vi.advanceTimersByTime(1)
    const error = await connecting.catch((given) => given)
    expect(error).toMatchObject({ code: 'DIAL_TIMEOUT' })
    expect(error.message).toContain('limit of 5 a host')
    expect(error.message).toContain('10000 ms')
    expect(recording.lines()).toEqual([`connecting-failed ${A}`])
    expect(attempt.signal.aborted).toBe(true)
  })

  it('uses up what holds before it have left', async () => {
    const { connecting, attempt } = begin()
    for (let i = 0; i < 3; i++) {
      const release = attempt.hold('queue')
      vi.advanceTimersByTime(3_000)
      release()
      vi.advanceTimersByTime(500)
    }
    attempt.hold('queue')
    vi.advanceTimersByTime(1_000)
    expect(await outcomeOf(connecting)).toBe('DIAL_TIMEOUT')
  })

  it('may last 10 minutes where nobody says otherwise', async () => {
    const { connecting, attempt } = begin({ holdTimeout: undefined })
    attempt.hold('queue')
    vi.advanceTimersByTime(599_999)
    expect(await outcomeOf(connecting)).toBe('pending')
    vi.advanceTimersByTime(1)
    expect(await outcomeOf(connecting)).toBe('DIAL_TIMEOUT')
  })

  it('shows why on the entry: by change, and by no event', () => {
    const { hub, attempt, recording } = begin()
    const changes: unknown[] = []
    hub.on('change', ({ after }) => changes.push(after?.state === 'connecting' && after.waits))
    const one = attempt.hold('one')
    const two = attempt.hold('two')
    expect(hub.get(A)).toMatchObject({ state: 'connecting', waits: 'two' })
    two()
    one()
    expect(changes).toEqual(['one', 'two', 'one', undefined])
    expect(hub.get(A)).toMatchObject({ state: 'connecting', waits: undefined })
    expect(recording.lines()).toEqual([])
  })

  it('keeps waits through an update of the metadata, and loses it with the state', () => {
    const { hub, attempt, transport } = begin()
    attempt.hold('queue')
    hub.update(A, { name: 'a' })
    expect(hub.get(A)).toMatchObject({ waits: 'queue', data: { name: 'a' } })
    transport.lastDial.succeed()
    expect(hub.get(A)).not.toHaveProperty('waits')
  })

  it('shows a why that is printable and short', () => {
    const { hub, attempt } = begin()
    attempt.hold(`\u001b[2J${'x'.repeat(1_000_000)}`)
    const { waits = '' } = hub.get(A) as { waits?: string }
    expect(waits.startsWith('\\u{1b}[2J')).toBe(true)
    expect(waits.length).toBeLessThanOrEqual(123)
  })

  it('makes no text of a why that is none: that would call foreign code', () => {
    const { hub, attempt } = begin()
    const toText = vi.fn(() => {
      hub.disconnect(A)
      return 'why'
    })
    attempt.hold({ toString: toText } as never)
    expect(toText).not.toHaveBeenCalled()
    expect(hub.get(A)).toMatchObject({ state: 'connecting', waits: 'held' })
  })

  it('inside dial() stops the clock before it has started', async () => {
    const { hub, transport } = setup({ dialTimeout: 1_000 })
    let release = () => {}
    transport.onDial = ({ attempt }) => {
      release = attempt.hold('queue')
    }
    const connecting = hub.connect(A)
    connecting.catch(() => {})
    vi.advanceTimersByTime(5_000)
    expect(await outcomeOf(connecting)).toBe('pending')
    release()
    vi.advanceTimersByTime(1_000)
    expect(await outcomeOf(connecting)).toBe('DIAL_TIMEOUT')
  })

  it('inside dial(), and released there, leaves one clock, which a later hold stops', async () => {
    const { hub, transport } = setup({ dialTimeout: 1_000 })
    transport.onDial = ({ attempt }) => attempt.hold('a look')()
    const connecting = hub.connect(A)
    connecting.catch(() => {})
    expect(vi.getTimerCount()).toBe(1)
    transport.lastDial.attempt.hold('queue')
    vi.advanceTimersByTime(5_000)
    expect(await outcomeOf(connecting)).toBe('pending')
  })

  it('lets the timeout of a joiner and every signal run on', async () => {
    const { hub, attempt } = begin()
    attempt.hold('queue')
    const controller = new AbortController()
    const joined = hub.connect(A, { timeout: 2_000 })
    const signalled = hub.connect(A, { signal: controller.signal })
    vi.advanceTimersByTime(2_000)
    expect(await outcomeOf(joined)).toBe('WAIT_TIMEOUT')
    controller.abort()
    expect(await outcomeOf(signalled)).toBe('ABORTED')
    expect(hub.getState(A)).toBe('connecting')
  })

  it('stops the timeout of the call that began the dial: that is the clock of the dial', async () => {
    const { hub, transport } = setup()
    const connecting = hub.connect(A, { timeout: 500 })
    const release = transport.lastDial.attempt.hold('queue')
    vi.advanceTimersByTime(60_000)
    expect(await outcomeOf(connecting)).toBe('pending')
    release()
    vi.advanceTimersByTime(500)
    expect(await outcomeOf(connecting)).toBe('DIAL_TIMEOUT')
  })

  it.each([
    ['disconnect', 'DIAL_CANCELLED', 'disconnect'],
    ['reset', 'DIAL_CANCELLED', 'reset'],
    ['close', 'HUB_CLOSED', 'hub-closed'],
  ] as const)('does not keep a %s() from ending the dial', async (call, code, reason) => {
    const { hub, connecting, attempt, recording } = begin()
    attempt.hold('queue')
    if (call === 'disconnect') hub.disconnect(A)
    else hub[call]()
    expect(await outcomeOf(connecting)).toBe(code)
    expect(recording.events.slice(-2)).toMatchObject([
      { type: 'disconnecting', reason },
      { type: 'disconnected', reason },
    ])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('does not keep the last caller’s signal from ending the dial', async () => {
    const { hub, transport, recording } = setup()
    const controller = new AbortController()
    const connecting = hub.connect(A, { signal: controller.signal })
    transport.lastDial.attempt.hold('queue')
    controller.abort()
    expect(await outcomeOf(connecting)).toBe('ABORTED')
    expect(recording.events.at(-1)).toMatchObject({ type: 'disconnected', reason: 'aborted' })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('of an extra attempt shows nothing on the connected entry, and its clock stands all the same', () => {
    const { hub, attempt, transport } = begin()
    transport.inbound(A, sessionOf())
    const entry = hub.get(A)
    attempt.hold('queue')
    vi.advanceTimersByTime(5_000)
    expect(hub.get(A)).toBe(entry)
    expect(attempt.signal.aborted).toBe(false)
  })

  it.each(['hold', 'release'] as const)('may be ended inside the change that a %s tells', (at) => {
    const { hub, attempt } = begin()
    const early = at === 'release' ? attempt.hold('queue') : undefined
    hub.on('change', ({ after }) => {
      if (after?.state === 'connecting') hub.disconnect(A)
    })
    if (early) early()
    else attempt.hold('queue')()
    expect(hub.size).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('needs no this', () => {
    const { hub, attempt } = begin()
    const { hold } = attempt
    hold('loose')
    expect(hub.get(A)).toMatchObject({ waits: 'loose' })
  })
})
