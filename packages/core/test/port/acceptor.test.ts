import { acceptor, createHub, type Inbound, type Refusal } from '@conn-hub/core'
import { turns } from '@conn-hub/testkit'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { A } from '../setup.js'
import { type PortSession, sessionOf } from './setup.js'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

interface Hello {
  readonly raw: string
  readonly signal: AbortSignal
  succeed(session?: PortSession): PortSession
  fail(): void
}

const begin = ({ pending = 2, discard = vi.fn() } = {}) => {
  const hellos: Hello[] = []
  const open = (raw: string, signal: AbortSignal) =>
    new Promise<Inbound<PortSession['handle']>>((resolve, reject) => {
      const succeed = (session = sessionOf()) => {
        resolve({ address: A, session })
        return session
      }
      hellos.push({ raw, signal, succeed, fail: () => reject(new Error('no hello')) })
    })
  const { take, listen } = acceptor(open, { timeout: 1_000, pending, discard })
  const listening = () => {
    const hub = createHub({
      transport: { describe: () => ({ key: 'a' }), dial: () => {}, listen },
    })
    const refused: Refusal[] = []
    hub.on('refused', (refusal) => refused.push(refusal))
    return { hub, refused }
  }
  return { take, hellos, discard, listening }
}

const told = (why: string) => ({ by: 'acceptor', why, direction: 'inbound' })

describe('acceptor', () => {
  const given = { timeout: 1_000, pending: 2, discard: () => {} }
  it.each([
    ['open', 'a function', undefined, given],
    ['timeout', 'a number', async () => {}, { ...given, timeout: 0 }],
    ['pending', 'a number above 0', async () => {}, { ...given, pending: 0 }],
    ['discard', 'a function', async () => {}, { ...given, discard: undefined }],
  ])('names the option that is wrong: %s', (option, rule, open, options) => {
    const begun = () => acceptor(open as never, options as never)
    expect(begun).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }))
    expect(begun).toThrow(`The option "${option}" must be ${rule}`)
  })

  it('hands over what a hello has made of a raw link', async () => {
    const { take, hellos, listening, discard } = begin()
    const { hub } = listening()
    take('raw')
    expect([hellos[0]?.raw, hub.size]).toEqual(['raw', 0])
    const session = hellos[0]?.succeed()
    await turns()
    expect(hub.get(A)?.sessions).toEqual([session])
    expect([vi.getTimerCount(), discard.mock.calls]).toEqual([0, []])
  })

  it('discards at once what is more than pending, and takes again when one is over', async () => {
    const { take, hellos, listening, discard } = begin()
    const { refused } = listening()
    for (const raw of ['1', '2', '3']) take(raw)
    expect(discard.mock.calls).toEqual([['3', 'full']])
    expect(refused).toMatchObject([told('full')])
    hellos[0]?.fail()
    await turns()
    take('4')
    expect(hellos.map(({ raw }) => raw)).toEqual(['1', '2', '4'])
  })

  it('discards at once where nobody listens', () => {
    const { take, hellos, discard } = begin()
    take('raw')
    expect([hellos, discard.mock.calls]).toEqual([[], [['raw', 'not-listening']]])
  })

  it('aborts a hello over its time; the session that comes later is closed, and never handed over', async () => {
    const { take, hellos, listening, discard } = begin()
    const { hub, refused } = listening()
    take('raw')
    vi.advanceTimersByTime(1_000)
    expect(hellos[0]?.signal.aborted).toBe(true)
    expect(discard.mock.calls).toEqual([['raw', 'timeout']])
    expect(refused).toMatchObject([told('timeout')])
    const session = hellos[0]?.succeed()
    await turns()
    expect([hub.size, session?.reasons]).toEqual([0, ['late']])
  })

  it('discards what a hello fails for', async () => {
    const { take, hellos, listening, discard } = begin()
    const { refused } = listening()
    take('raw')
    hellos[0]?.fail()
    await turns()
    expect(discard.mock.calls).toEqual([['raw', 'failed']])
    expect([refused, vi.getTimerCount()]).toMatchObject([[told('failed')], 0])
    expect(refused[0]?.error).toEqual(new Error('no hello'))
  })

  it.each(['refuse', 'throw', 'reject'] as const)(
    'destroys a session that comes late where it does not close: %s',
    async (bad) => {
      const { take, hellos, listening } = begin()
      listening()
      take('raw')
      vi.advanceTimersByTime(1_000)
      const session = hellos[0]?.succeed(sessionOf(bad, 'tells'))
      await turns()
      expect(session?.destroyCalls).toBe(bad === 'refuse' ? 0 : 1)
      vi.advanceTimersByTime(1_000)
      expect([session?.destroyCalls, vi.getTimerCount()]).toEqual([1, 0])
    },
  )

  it('destroys no late session that has closed', async () => {
    const { take, hellos, listening } = begin()
    listening()
    take('raw')
    vi.advanceTimersByTime(1_000)
    const session = hellos[0]?.succeed(sessionOf('at-once', 'tells'))
    await turns()
    vi.advanceTimersByTime(2_000)
    expect([session?.destroyCalls, vi.getTimerCount()]).toEqual([0, 0])
  })

  it('aborts all hellos when listen ends, and tells each', () => {
    const { take, hellos, listening, discard } = begin()
    const { hub, refused } = listening()
    take('1')
    take('2')
    hub.close()
    expect(hellos.map(({ signal }) => signal.aborted)).toEqual([true, true])
    expect(discard.mock.calls).toEqual([
      ['1', 'not-listening'],
      ['2', 'not-listening'],
    ])
    expect(refused).toMatchObject([told('not-listening'), told('not-listening')])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('takes nothing that a discard hands in at the end', () => {
    const discard = vi.fn((raw: string, why: string) => {
      if (why === 'not-listening' && raw === '1') world.take('again')
    })
    const world = begin({ discard })
    const { hub } = world.listening()
    world.take('1')
    hub.close()
    expect(world.hellos.map(({ raw }) => raw)).toEqual(['1'])
    expect(discard.mock.calls).toContainEqual(['again', 'not-listening'])
  })

  it('stands a discard that throws: nobody could catch it, and the others are ended', () => {
    const print = vi.spyOn(console, 'error').mockImplementation(() => {})
    const discard = vi.fn(() => {
      throw new Error('discard threw')
    })
    const { take, hellos, listening } = begin({ discard })
    expect(() => take('0')).not.toThrow()
    const { hub } = listening()
    take('1')
    take('2')
    expect(() => take('3')).not.toThrow()
    expect(() => vi.advanceTimersByTime(1_000)).not.toThrow()
    expect(hellos.every(({ signal }) => signal.aborted)).toBe(true)
    hub.close()
    expect(discard).toHaveBeenCalledTimes(4)
    expect(print.mock.calls.flat().join()).toContain('discard threw')
    print.mockRestore()
  })

  it('serves one hub, which goes on where another one is refused, and another one when that has closed', async () => {
    const { take, hellos, listening } = begin()
    const one = listening()
    expect(listening).toThrow(expect.objectContaining({ code: 'TRANSPORT_IN_USE' }))
    take('raw')
    hellos[0]?.succeed()
    await turns()
    expect(one.hub.size).toBe(1)
    one.hub.close()
    const two = listening()
    take('raw')
    hellos[1]?.succeed()
    await turns()
    expect(two.hub.size).toBe(1)
  })

  it('goes on for the hub that came after, where the listening of the one before is ended again', () => {
    const open = async (): Promise<Inbound<string>> => Promise.reject(new Error('no hello'))
    const { listen } = acceptor(open, { timeout: 1, pending: 1, discard: vi.fn() })
    const side = { refused: vi.fn() } as never
    const stop = listen(vi.fn(), side)
    stop()
    listen(vi.fn(), side)
    stop()
    expect(() => listen(vi.fn(), side)).toThrow('An acceptor serves one hub')
  })

  it.each([
    ['timeout', { timeout: 0 }],
    ['timeout', { timeout: Number.NaN }],
    ['timeout', { timeout: Number.POSITIVE_INFINITY }],
    ['timeout', { timeout: 2 ** 31 }],
    ['pending', { pending: 0 }],
    ['pending', { pending: Number.NaN }],
    ['discard', { discard: undefined }],
  ])('refuses a wrong %s: %j', (option, wrong) => {
    const options = { timeout: 1, pending: 1, discard: () => {}, ...wrong } as never
    expect(() => acceptor(async () => ({}) as never, options)).toThrow(`"${option}"`)
  })
})

describe('what acceptor() is given', () => {
  const ends = () => {}
  const open = async (): Promise<Inbound<string>> => Promise.reject(new Error('no hello'))
  const good = { timeout: 1_000, pending: 1, discard: ends }
  it.each([
    [undefined, 'The option "options" must be an object with timeout, pending, discard.'],
    [{ ...good, pending: '5' }, 'The option "pending" must be a number above 0.'],
    [{ timeout: 1_000, discard: ends }, 'The option "pending" must be a number above 0.'],
    [
      { ...good, pendings: 5 },
      'There is no option "pendings". The options here are timeout, pending, discard.',
    ],
  ])('is checked: %o', (options, message) => {
    const make = () => acceptor(open, options as never)
    expect(make).toThrow(expect.objectContaining({ code: 'INVALID_OPTION', message }))
  })
})

describe('7: foreign code round an acceptor harms nobody', () => {
  const rejections: unknown[] = []
  const hear = (error: unknown) => rejections.push(error)
  const printed = () => vi.spyOn(console, 'error').mockImplementation(() => {})

  beforeEach(() => {
    rejections.length = 0
    process.on('unhandledRejection', hear)
  })
  afterEach(() => {
    process.off('unhandledRejection', hear)
    vi.restoreAllMocks()
  })
  const macrotask = () => new Promise<void>((resolve) => setImmediate(resolve))

  it('a discard() that rejects is printed', async () => {
    vi.useRealTimers()
    const error = printed()
    const { take } = begin({ discard: vi.fn(async () => Promise.reject(new Error('in use'))) })
    take('raw')
    await macrotask()
    expect(error.mock.calls[0]?.[0]).toMatch(/transport \(discard\): Error: in use/)
    expect(rejections).toEqual([])
  })

  it('an accept() that throws is printed, and its session is closed', async () => {
    vi.useRealTimers()
    const error = printed()
    const session = sessionOf()
    const { take, listen } = acceptor(async () => ({ address: A, session }), {
      timeout: 1_000,
      pending: 1,
      discard: () => {},
    })
    const gate = () => {
      throw new Error('the gate is broken')
    }
    const stop = listen(gate, { refused: () => {} } as never)
    take('raw')
    await macrotask()
    expect(error.mock.calls[0]?.[0]).toMatch(/transport \(accept\): Error: the gate is broken/)
    expect([session.reasons, rejections]).toEqual([['late'], []])
    stop()
  })
})
