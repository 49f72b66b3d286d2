import { FaultSession, nearTheEnd, turns } from '@conn-hub/testkit'
import { describe, expect, it, vi } from 'vitest'
import { A, outcomeOf, setup } from '../setup.js'

/** As where the stack is full: the next change of the table is cut short before it is made. */
const cutNextChange = () =>
  vi.spyOn(Date, 'now').mockImplementationOnce(() => {
    throw new RangeError('Maximum call stack size exceeded')
  })

describe('9 deadlines: where the stack is full when a transport answers', () => {
  it('that it failed, the entry leaves, and the caller hears of it', async () => {
    const { hub, transport, recording } = setup()
    transport.onDial = (dial) => {
      cutNextChange()
      dial.fail(new Error('refused'))
    }
    expect(await outcomeOf(hub.connect(A))).toBe('DIAL_FAILED')
    expect(hub.size).toBe(0)
    expect(recording.lines()).toEqual(['connecting fault:a', 'connecting-failed fault:a'])
  })

  it('with an error that it throws, the same', async () => {
    const { hub, transport, recording } = setup()
    transport.onDial = () => {
      cutNextChange()
      throw new Error('refused')
    }
    expect(await outcomeOf(hub.connect(A))).toBe('DIAL_FAILED')
    expect(hub.size).toBe(0)
    expect(recording.lines()).toEqual(['connecting fault:a', 'connecting-failed fault:a'])
  })

  it('with a session, that session is asked to close, and the caller hears of it', async () => {
    const { hub, transport, recording } = setup()
    const session = new FaultSession('outbound')
    transport.onDial = (dial) => {
      cutNextChange()
      dial.succeed(session)
    }
    expect(await outcomeOf(hub.connect(A))).toBe('DIAL_FAILED')
    expect(hub.size).toBe(0)
    expect(session.closeCalls).toBe(1)
    expect(recording.lines()).toEqual(['connecting fault:a', 'connecting-failed fault:a'])
  })

  it('another connect() begins anew', async () => {
    const { hub, transport } = setup()
    transport.onDial = (dial) => {
      cutNextChange()
      dial.fail(new Error('refused'))
    }
    await outcomeOf(hub.connect(A))
    transport.onDial = (dial) => dial.succeed()
    expect(await outcomeOf(hub.connect(A))).toBe(transport.sessions[0])
  })
})

describe('6 no ghost: where the stack is full when a session ends', () => {
  it.each(['by itself', 'because it was asked to'])(
    '%s, its entry leaves in the next turn',
    async (how) => {
      const { hub, transport, recording } = setup()
      const session = transport.inbound(A)
      session.onClose = 'refuse'
      const outcome = how === 'by itself' || hub.disconnect(A)
      cutNextChange()
      session.end()
      await turns()
      expect(hub.size).toBe(0)
      expect(recording.lines().at(-1)).toBe('disconnected fault:a')
      expect(await outcomeOf(Promise.resolve(outcome))).toBe(true)
    },
  )
})

describe('2 order: where the stack is full while changes are told', () => {
  it('no listener hears one twice, or late behind another, and the rest is told in a later turn', async () => {
    let later = 0
    for (let room = 0; room < 100; room++) {
      const { hub, transport } = setup({ onError: () => {} })
      const told: unknown[][] = [[], []]
      transport.inbound(A)
      for (const list of told) hub.on('change', ({ after }) => list.push(after?.data.n))
      const made: unknown[] = []
      let n = 0
      nearTheEnd(room, () => {
        n++
        try {
          hub.update(A, { n })
        } finally {
          if (hub.get(A)?.data.n === n) made.push(n)
        }
      })
      const before = told[1]?.length ?? 0
      await turns()
      if ((told[1]?.length ?? 0) > before) later++
      // A listener that has no room itself is called in vain, and hears the next one.
      hub.update(A, { n: 'next' })
      for (const list of told) {
        const known = made.filter((change) => list.includes(change))
        expect([room, ...list]).toEqual([room, ...known, 'next'])
      }
    }
    expect(later).toBeGreaterThan(0)
  })
})
