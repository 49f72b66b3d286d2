import { createHub } from '@conn-hub/core'
import { FaultSession } from '@conn-hub/testkit'
import { describe, expect, it, vi } from 'vitest'
import { A, outcomeOf, setup } from './setup.js'

describe('4 whatever a dial answers', () => {
  it('a failure after a success is ignored', async () => {
    const { hub, transport, recording } = setup()
    const outcome = outcomeOf(hub.connect(A))
    const session = transport.lastDial.succeed()
    transport.lastDial.fail()
    expect(await outcome).toBe(session)
    expect(hub.getState(A)).toBe('connected')
    expect(recording.lines()).toEqual(['connecting fault:a', 'connected fault:a'])
  })

  it('the first failure counts', async () => {
    const { hub, transport, recording } = setup()
    const outcome = hub.connect(A).catch((error) => error.cause)
    transport.lastDial.fail('first')
    transport.lastDial.fail('second')
    expect(await outcome).toBe('first')
    expect(recording.lines()).toEqual(['connecting fault:a', 'connecting-failed fault:a'])
  })

  it('a throw after an answer is ignored', async () => {
    const { hub, transport } = setup()
    transport.onDial = (dial) => {
      dial.succeed()
      throw new Error('too late')
    }
    expect(await hub.connect(A)).toBe(transport.sessions[0])
    expect(hub.getState(A)).toBe('connected')
  })

  it('an answer inside the dial is seen in the same tick', () => {
    const { hub, transport } = setup()
    transport.onDial = (dial) => dial.succeed()
    hub.connect(A)
    expect(hub.getState(A)).toBe('connected')
  })

  it('the same session twice is the same answer, and stays open', async () => {
    const { hub, transport, recording } = setup()
    const connected = hub.connect(A)
    const session = transport.lastDial.succeed()
    transport.lastDial.attempt.succeed(session)
    await connected
    expect(session.isOpen).toBe(true)
    expect(hub.get(A)?.sessions).toEqual([session])
    expect(recording.lines()).toEqual(['connecting fault:a', 'connected fault:a'])
  })
})

describe('5 a session that comes late', () => {
  it('is closed when another session came first', async () => {
    const { hub, transport } = setup()
    const connected = hub.connect(A)
    const session = transport.lastDial.succeed()
    const second = transport.lastDial.succeed()
    expect(await connected).toBe(session)
    expect([session.isOpen, second.isOpen]).toEqual([true, false])
    expect(hub.get(A)?.sessions).toEqual([session])
  })

  it('is closed when the dial had failed', async () => {
    const { hub, transport, recording } = setup()
    const outcome = outcomeOf(hub.connect(A))
    transport.lastDial.fail()
    const late = transport.lastDial.succeed()
    expect(await outcome).toBe('DIAL_FAILED')
    expect(late.isOpen).toBe(false)
    expect(hub.size).toBe(0)
    expect(recording.lines()).toEqual(['connecting fault:a', 'connecting-failed fault:a'])
  })

  it('is closed when the deadline was over', async () => {
    vi.useFakeTimers()
    const { hub, transport } = setup()
    const outcome = outcomeOf(hub.connect(A))
    vi.advanceTimersByTime(30_000)
    const late = transport.lastDial.succeed()
    vi.useRealTimers()
    expect(await outcome).toBe('DIAL_TIMEOUT')
    expect(late.isOpen).toBe(false)
    expect(hub.size).toBe(0)
  })

  it('is closed when a handler of disconnecting hands it over', async () => {
    const { hub, transport, recording } = setup()
    const outcome = outcomeOf(hub.connect(A))
    const late: FaultSession[] = []
    hub.on('disconnecting', () => late.push(transport.lastDial.succeed()))
    await hub.disconnect(A)
    expect(await outcome).toBe('DIAL_CANCELLED')
    expect(late.map(({ isOpen }) => isOpen)).toEqual([false])
    expect(recording.lines()).toEqual([
      'connecting fault:a',
      'disconnecting fault:a',
      'disconnected fault:a',
    ])
  })

  it('says why when it cannot be closed', async () => {
    const { hub, transport, onError } = setup()
    const outcome = outcomeOf(hub.connect(A))
    transport.lastDial.fail()
    await outcome
    const late = new FaultSession('outbound')
    late.onClose = 'throw'
    transport.lastDial.succeed(late)
    const origin = { origin: 'transport', call: 'close' }
    expect(onError.mock.calls).toEqual([[new Error('close() threw'), origin]])
  })
})

describe('6 a dial beside an open session', () => {
  const both = () => {
    const context = setup()
    const outcome = outcomeOf(context.hub.connect(A))
    return { ...context, outcome, theirs: context.transport.inbound(A) }
  }

  it('ends with the entry, and brings nothing afterwards', async () => {
    const { hub, transport, theirs, outcome, recording } = both()
    theirs.end()
    expect(hub.size).toBe(0)
    expect(transport.lastDial.attempt.signal.aborted).toBe(true)
    const late = transport.lastDial.succeed()
    expect(late.isOpen).toBe(false)
    expect(hub.size).toBe(0)
    expect(await outcome).toBe(theirs)
    expect(recording.lines()).toEqual([
      'connecting fault:a',
      'connected fault:a',
      'disconnected fault:a',
    ])
  })

  it('does not touch the dial that comes after it', async () => {
    const { hub, transport, theirs, recording } = both()
    theirs.end()
    const again = hub.connect(A)
    recording.lines()
    transport.dials[0]?.fail()
    expect(hub.getState(A)).toBe('connecting')
    const session = transport.lastDial.succeed()
    expect(await again).toBe(session)
    expect(recording.lines()).toEqual(['connected fault:a'])
  })

  it('is cancelled by a disconnect', async () => {
    const { hub, transport } = both()
    expect(await hub.disconnect(A)).toBe(true)
    expect(transport.lastDial.attempt.signal.aborted).toBe(true)
    expect(transport.lastDial.succeed().isOpen).toBe(false)
    expect(hub.size).toBe(0)
  })
})

describe('6 a session that cannot have an entry', () => {
  it.each([
    ['no string', 7],
    ['empty', ''],
    ['too long', `fault:${'x'.repeat(5_000)}`],
  ])('is closed: its address is %s', (_, address) => {
    const { hub, transport } = setup()
    const session = new FaultSession('inbound')
    transport.acceptAnything({ address, session })
    expect(session.isOpen).toBe(false)
    expect(hub.size).toBe(0)
  })

  it('is closed when the transport hands it over after the end', async () => {
    const { transport } = setup()
    let accept: ((inbound: { address: string; session: FaultSession }) => void) | undefined
    transport.listen = (acceptor) => {
      accept = acceptor
      return () => {}
    }
    const hub = createHub({ transport })
    await hub.close()
    const session = new FaultSession('inbound')
    accept?.({ address: A, session })
    expect(session.isOpen).toBe(false)
    expect(hub.size).toBe(0)
  })
})
