import { createHub, type HubOptions, isHubError } from '@conn-hub/core'
import { FaultSession } from '@conn-hub/testkit'
import { describe, expect, it } from 'vitest'
import { A, setup } from '../setup.js'

/** A whole session, of which one part is not as the port has it. */
const sessionWith = (part: Record<string, unknown>): FaultSession => {
  const close = () => {}
  const whole = { handle: 1, direction: 'outbound', key: 'a', close, onClosed: () => {}, ...part }
  return whole as unknown as FaultSession
}

const PARTS = ['handle', 'direction', 'key', 'kind', 'close', 'onClosed'] as const

/** What is wrong, the part that the message must name, and what it must say was given. */
const mistakes: [string, unknown, (typeof PARTS)[number] | 'session', RegExp][] = [
  ['is nothing', undefined, 'session', /undefined|missing|nothing/],
  ['is null', null, 'session', /null/],
  ['is a string', 'session', 'session', /string|'session'|"session"/],
  [
    'is a promise of one',
    Promise.resolve(new FaultSession('outbound')),
    'session',
    /\ba promise\b|then\(\)/i,
  ],
  ['has no close()', sessionWith({ close: undefined }), 'close', /undefined|missing|nothing/],
  ['has a close that is no function', sessionWith({ close: true }), 'close', /boolean|true/],
  [
    'has no onClosed()',
    sessionWith({ onClosed: undefined }),
    'onClosed',
    /undefined|missing|nothing/,
  ],
  [
    'has no direction',
    sessionWith({ direction: undefined }),
    'direction',
    /undefined|missing|nothing/,
  ],
  ['has another direction', sessionWith({ direction: 'in' }), 'direction', /['"`]in['"`]/],
  ['has a number as key', sessionWith({ key: 42 }), 'key', /number|42/],
  ['has null as key', sessionWith({ key: null }), 'key', /null/],
  ['has bytes as key', sessionWith({ key: new Uint8Array(32) }), 'key', /object|Uint8Array/],
  ['has a number as kind', sessionWith({ kind: 7 }), 'kind', /number|7/],
  ['has a promise as handle', sessionWith({ handle: Promise.resolve() }), 'handle', /then\(\)/],
  [
    'has a handle with then()',
    // biome-ignore lint/suspicious/noThenProperty: that is the mistake.
    sessionWith({ handle: { then: () => {} } }),
    'handle',
    /then\(\)/,
  ],
]

const expectToName = (error: unknown, part: string, given: RegExp): void => {
  expect(error).toMatchObject({ code: 'TRANSPORT_BROKEN' })
  const { message } = error as Error
  expect(message).toMatch(new RegExp(`\\b${part}\\b`))
  expect(message).toMatch(given)
  if (part === 'session') return
  // The other parts are as they should be: to name them leads astray.
  for (const other of PARTS) {
    if (other !== part) expect(message).not.toMatch(new RegExp(`\\b${other}\\b`))
  }
}

describe('7 isolation: the error of a transport that hands over a session that', () => {
  it.each(mistakes)(
    '%s names the part and what was given, at a dial',
    async (_, session, part, given) => {
      const { hub, transport } = setup()
      const connecting = hub.connect(A)
      transport.lastDial.attempt.succeed(session as FaultSession)
      const error = await connecting.then(
        () => undefined,
        (failure: unknown) => failure,
      )
      expectToName(error, part, given)
    },
  )

  it.each(mistakes)('%s names the part and what was given, inbound', (_, session, part, given) => {
    const { transport, onError } = setup()
    transport.acceptAnything({ address: A, session })
    expect(onError).toHaveBeenCalledTimes(1)
    expectToName(onError.mock.calls[0]?.[0], part, given)
  })
})

describe('7 isolation: the error of a transport whose accept() gets', () => {
  it('the session itself names the member `session` that is missing, and the session is closed', () => {
    const { transport, onError } = setup()
    const session = new FaultSession('inbound', 'a')
    transport.acceptAnything(session)
    const error = onError.mock.calls[0]?.[0]
    expect(error).toMatchObject({ code: 'TRANSPORT_BROKEN' })
    expect(error.message).toMatch(/\{ address, session \}|address and session/)
    expect(session).toMatchObject({ closeCalls: 1, isOpen: false })
  })
})

describe('7 isolation: the error of a transport whose describe() gives', () => {
  it.each([
    ['a number as key', { key: 5 }, 'key', 'kind'],
    ['a number as kind', { kind: 5 }, 'kind', 'key'],
  ])('%s names that part, and no other', async (_, description, part, other) => {
    const { hub, transport } = setup()
    transport.describe = () => description as unknown as { key?: string }
    const error = await hub.connect(A).then(
      () => undefined,
      (failure: unknown) => failure,
    )
    expect(error).toMatchObject({ code: 'TRANSPORT_BROKEN' })
    expect((error as Error).message).toMatch(new RegExp(`\\b${part}\\b`))
    expect((error as Error).message).toMatch(/number|5/)
    expect((error as Error).message).not.toMatch(new RegExp(`\\b${other}\\b`))
  })
})

describe('7 isolation: the error of createHub() with a transport that', () => {
  const describes = () => ({})
  const dials = () => {}

  it.each([
    ['has no dial()', { describe: describes }, 'dial()', 'describe()'],
    ['has no describe()', { dial: dials }, 'describe()', 'dial()'],
  ])('%s names it, and not what is there', (_, transport, part, other) => {
    let error: unknown
    try {
      createHub({ transport } as unknown as HubOptions<FaultSession>)
    } catch (failure) {
      error = failure
    }
    expect(isHubError(error)).toBe(true)
    expect(error).toMatchObject({ code: 'INVALID_OPTION' })
    expect((error as Error).message).toContain(part)
    expect((error as Error).message).not.toContain(other)
  })
})
