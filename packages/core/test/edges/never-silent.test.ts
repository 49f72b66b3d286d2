import { createHub } from '@conn-hub/core'
import { createFaultTransport, FaultSession } from '@conn-hub/testkit'
import { describe, expect, it, vi } from 'vitest'
import { A, B, setup } from '../setup.js'
import { edge, unheardIn } from './setup.js'

/** What a test set-up may do to `console`, so that nothing is printed unseen. */
const forbidConsole = () =>
  vi.spyOn(console, 'error').mockImplementation(() => {
    throw new Error('console.error is forbidden here')
  })

const throwing = () => {
  throw new Error('a listener threw')
}

/** How errors are told, and each way throws itself. */
const ways = [
  ['console.error, and there is no onError', { onError: undefined }],
  ['onError, and console.error after it', { onError: throwing }],
] as const

describe.each(ways)('7 isolation: where a listener throws, and then %s', (_, options) => {
  it('the other listeners hear this event and all that follow, and close', async () => {
    forbidConsole()
    const { hub, transport, recording } = setup(options)
    hub.on('connected', throwing)
    const closed = vi.fn()
    hub.on('close', closed)
    expect(() => transport.inbound(A)).not.toThrow()
    expect(() => transport.inbound(B)).not.toThrow()
    expect(recording.lines()).toEqual(['connected fault:a', 'connected fault:b'])
    await hub.close()
    expect(closed).toHaveBeenCalledTimes(1)
    expect(recording.lines()).toEqual([
      'disconnecting fault:a',
      'disconnected fault:a',
      'disconnecting fault:b',
      'disconnected fault:b',
    ])
  })

  it.each(['*', 'change', 'close'] as const)(
    'inside a listener of %s, the same holds',
    async (type) => {
      forbidConsole()
      const { hub, transport } = setup(options)
      hub.on(type, throwing)
      const heard: string[] = []
      hub.on('connected', ({ address }) => heard.push(address))
      hub.on('close', () => heard.push('close'))
      transport.inbound(A)
      transport.inbound(B)
      await hub.close()
      expect(heard).toEqual([A, B, 'close'])
    },
  )

  it('the call that began it works', async () => {
    forbidConsole()
    const { hub, transport } = setup(options)
    transport.onDial = (dial) => dial.succeed()
    hub.on('connecting', throwing)
    hub.on('connected', throwing)
    expect(await hub.connect(A)).toBe(transport.sessions[0])
    expect(await hub.disconnect(A)).toBe(true)
  })

  it('by its promise, nothing is left unheard', async () => {
    forbidConsole()
    const { hub, transport, recording } = setup(options)
    hub.on('connected', async () => throwing())
    expect(await unheardIn(() => transport.inbound(A))).toEqual([])
    transport.inbound(B)
    expect(recording.lines()).toEqual(['connected fault:a', 'connected fault:b'])
  })

  it('as a wake of subscribe(), the other wakes are called', () => {
    forbidConsole()
    const { hub, transport } = setup(options)
    const wake = vi.fn()
    edge(hub).subscribe(throwing)
    edge(hub).subscribe(wake)
    transport.inbound(A)
    transport.inbound(B)
    expect(wake).toHaveBeenCalledTimes(2)
  })
})

describe.each(ways)('7 isolation: where a transport fails, and then %s', (_, options) => {
  it('a session that is refused and cannot be closed harms nobody', () => {
    forbidConsole()
    const { hub, transport, recording } = setup(options)
    const session = transport.inbound(A)
    session.onClose = 'refuse'
    hub.disconnect(A)
    recording.lines()
    const refused = new FaultSession('inbound', 'a')
    refused.onClose = 'throw'
    expect(() => transport.inbound(A, refused)).not.toThrow()
    expect(refused.closeCalls).toBe(1)
    session.end()
    expect(recording.lines()).toEqual(['disconnected fault:a'])
  })

  it('one that rejects leaves nothing unheard', async () => {
    forbidConsole()
    const { hub, transport } = setup(options)
    transport.inbound(A).onClose = 'refuse'
    hub.disconnect(A)
    const refused = new FaultSession('inbound', 'a')
    refused.onClose = 'reject'
    expect(await unheardIn(() => transport.inbound(A, refused))).toEqual([])
  })

  it('nonsense in the place of a session does not throw at the transport', () => {
    forbidConsole()
    const { transport, recording } = setup(options)
    expect(() => transport.acceptAnything({ address: A, session: {} })).not.toThrow()
    expect(() => transport.acceptAnything(undefined)).not.toThrow()
    transport.inbound(B)
    expect(recording.lines()).toEqual(['connected fault:b'])
  })

  it('a session that cannot be closed when the hub closes keeps nobody from closing', async () => {
    forbidConsole()
    const { hub, transport, recording } = setup(options)
    transport.inbound(A).onClose = 'throw'
    const other = transport.inbound(B)
    const closed = vi.fn()
    hub.on('close', closed)
    await hub.close()
    expect(other.closeCalls).toBe(1)
    expect(recording.lines().filter((line) => line.startsWith('disconnected'))).toHaveLength(2)
    expect(closed).toHaveBeenCalledTimes(1)
  })

  it('a listen() that cannot be ended keeps nobody from closing', async () => {
    forbidConsole()
    const transport = createFaultTransport()
    transport.listen = () => throwing
    const hub = createHub({ transport, ...options })
    const closed = vi.fn()
    hub.on('close', closed)
    await hub.close()
    expect(closed).toHaveBeenCalledTimes(1)
  })
})

describe('7 isolation: onError that rejects, where console.error throws', () => {
  it('leaves nothing unheard', async () => {
    forbidConsole()
    const { hub, transport, recording } = setup({
      onError: (async () => throwing()) as () => void,
    })
    hub.on('connected', throwing)
    expect(await unheardIn(() => transport.inbound(A))).toEqual([])
    transport.inbound(B)
    expect(recording.lines()).toEqual(['connected fault:a', 'connected fault:b'])
  })
})

/** Calls with a little more of the stack left each time, until it suffices: so each step of the hub overflows once. */
const nearTheEndOfTheStack = (call: (n: number) => void): number => {
  let calls = 0
  let done = 0
  const deeper = (): void => {
    try {
      deeper()
    } catch {
      // The end of the stack.
    }
    if (done === 100) return
    try {
      call(calls++)
      done++
    } catch {
      // It still is.
    }
  }
  deeper()
  return calls - done
}

describe('2 one order: after calls near the end of the stack', () => {
  it.each([
    ['update', true],
    ['inbound', false],
    ['connect', false],
    ['disconnect', false],
  ] as const)('%s, the hub tells what follows, and its end', async (what, listened) => {
    const { hub, transport, recording } = setup({ onError: () => {}, closeTimeout: 200 })
    transport.inbound(A)
    if (listened) hub.on('change', () => {})
    hub.on('change', throwing)
    let overflows = 0
    const work = (n: number) => {
      if (what === 'update') hub.update(A, { n })
      else if (what === 'inbound') transport.inbound(`fault:anonymous${n}`)
      else if (what === 'connect') hub.connect(`fault:anonymous${n}`).catch(() => {})
      else {
        transport.inbound(`fault:anonymous${n}`)
        hub.disconnect(`fault:anonymous${n}`).catch(() => {})
      }
    }
    // `catch()` overflows, too, and then nobody hears what a call rejects with.
    await unheardIn(async () => {
      overflows = nearTheEndOfTheStack(work)
      expect(overflows).toBeGreaterThan(0)
      recording.lines()
      const closed = vi.fn()
      hub.on('close', closed)
      transport.inbound(B)
      expect(recording.lines()).toContain('connected fault:b')
      await hub.close()
      expect(recording.lines()).toContain('disconnected fault:b')
      expect(closed).toHaveBeenCalledTimes(1)
      expect(hub.size).toBe(0)
    })
  })
})
