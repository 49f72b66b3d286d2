import { turns } from '@conn-hub/testkit'
import { describe, expect, it, vi } from 'vitest'
import { type GateAnswer, type GateQuestion, gate } from '../src/index.js'
import { A, B, createClock, dial, dialed, dialOf, outcomeOf, setup, type World } from './setup.js'

/** A gate function that answers when the test does. */
const asking = () => {
  const questions: (GateQuestion<unknown> & { answer(given: GateAnswer | Error): void })[] = []
  const ask = (question: GateQuestion<unknown>) =>
    new Promise<GateAnswer>((resolve, reject) => {
      const answer = (given: GateAnswer | Error) =>
        given instanceof Error ? reject(given) : resolve(given)
      questions.push(Object.assign(question, { answer }))
    })
  return { ask, questions }
}

const onError = () => {}
const allow = () => true

describe('gate', () => {
  it('asks before each dial, and lets it begin', () => {
    const beforeDial = vi.fn(() => true)
    const { hub, transport } = setup([gate({ beforeDial })])
    hub.connect(A, { data: { name: 'Anna' } }).catch(() => {})
    expect(beforeDial.mock.calls).toMatchObject([
      [{ address: A, key: 'a', direction: 'outbound', data: { name: 'Anna' }, session: undefined }],
    ])
    expect(dialed(transport)).toEqual([A])
  })

  it.each([
    [false, 'refused'],
    ['on holiday', 'on holiday'],
    ['', 'refused'],
  ])('refuses a dial with the answer %j', async (answer, why) => {
    const { hub, transport, refused } = setup([gate({ beforeDial: () => answer })])
    expect(await outcomeOf(hub.connect(A))).toBe('DIAL_FAILED: GATE_REFUSED')
    expect([dialed(transport), refused]).toEqual([[], [`gate outbound ${A}: ${why}`]])
  })

  it('holds a dial until the answer comes', async () => {
    const { ask, questions } = asking()
    const clock = createClock()
    const policy = gate({ beforeDial: ask, clock, timeout: 500 })
    const { hub, transport } = setup([policy])
    dial(hub, A)
    expect(hub.get(A)).toMatchObject({ waits: 'the answer of a gate' })
    const text = 'the dial waits for the gate'
    expect(policy.explain(A)).toEqual([{ by: 'gate', text, until: 1_500 }])
    questions[0]?.answer(true)
    await turns()
    expect([dialed(transport), clock.size, policy.explain(A)]).toEqual([[A], 0, []])
    expect(hub.get(A)).toMatchObject({ waits: undefined })
  })

  it('gives a dial up when it is cancelled, and aborts the signal', async () => {
    const { ask, questions } = asking()
    const clock = createClock()
    const policy = gate({ beforeDial: ask, clock })
    const { hub, transport } = setup([policy])
    dial(hub, A)
    const signal = questions[0]?.signal
    hub.disconnect(A)
    expect([signal?.aborted, clock.size, policy.explain(A)]).toEqual([true, 0, []])
    questions[0]?.answer(true)
    await turns()
    expect(dialed(transport)).toEqual([])
  })

  it('gives a signal that has aborted to whoever asks for it late', () => {
    const { ask, questions } = asking()
    const { hub } = setup([gate({ beforeDial: ask })])
    dial(hub, A)
    hub.disconnect(A)
    expect(questions[0]?.signal.aborted).toBe(true)
  })

  it('begins no dial that its own function has ended', () => {
    const { hub, transport }: World = setup([
      gate({
        beforeDial: ({ address }) => {
          hub.disconnect(address)
          return true
        },
      }),
    ])
    dial(hub, A)
    expect([dialed(transport), hub.size]).toEqual([[], 0])
  })

  it('asks about inbound sessions, twice where both functions are there', async () => {
    const calls: unknown[] = []
    const { hub, transport, refused } = setup([
      gate({
        beforeAccept: ({ direction, session }) => {
          calls.push(['accept', direction, session])
          return Promise.resolve(true)
        },
        beforeSession: ({ key, session }) => {
          calls.push(['session', key, session])
          return key !== 'b' || 'banned'
        },
      }),
    ])
    const [a, b] = [transport.inbound(A), transport.inbound(B)]
    expect(hub.size).toBe(0)
    await turns()
    expect([hub.size, a.isOpen, b.reasons]).toEqual([1, true, ['refused']])
    expect(refused).toEqual([`gate inbound ${B}: banned`])
    expect(calls).toEqual([
      ['accept', 'inbound', a],
      ['accept', 'inbound', b],
      ['session', 'a', a],
      ['session', 'b', b],
    ])
  })

  it('asks about sessions of dials by the key that was proved', async () => {
    const beforeSession = ({ key }: GateQuestion<unknown>) => key !== 'mallory'
    const { hub, transport } = setup([gate({ beforeSession })])
    const dialing = hub.connect('fault:anonymous')
    dialing.catch(() => {})
    const session = transport.lastDial.succeed({ key: 'mallory' })
    expect(await outcomeOf(dialing)).toBe('DIAL_FAILED: GATE_REFUSED')
    expect(session.reasons).toEqual(['refused'])
  })

  it('holds the dial while it is asked about its session', async () => {
    const { ask, questions } = asking()
    const { hub, transport } = setup([gate({ beforeSession: ask })])
    dial(hub, A)
    dialOf(transport, A).succeed()
    expect(hub.get(A)).toMatchObject({ state: 'connecting', waits: 'the answer of a gate' })
    questions[0]?.answer(true)
    await turns()
    expect(hub.getState(A)).toBe('connected')
  })

  it('hands a session over at once whose dial has ended: it is closed as late', async () => {
    const { ask, questions } = asking()
    const { hub, transport } = setup([gate({ beforeSession: ask })])
    dial(hub, A)
    const session = dialOf(transport, A).succeed()
    hub.disconnect(A)
    expect([session.reasons, questions[0]?.signal.aborted]).toEqual([['late'], true])
    questions[0]?.answer(true)
    await turns()
    expect([hub.size, session.reasons]).toEqual([0, ['late']])
  })

  it('fails a dial whose session closes while the gate is asked', async () => {
    const { ask } = asking()
    const { hub, transport } = setup([gate({ beforeSession: ask })])
    const dialing = hub.connect(A)
    dialing.catch(() => {})
    dialOf(transport, A).succeed().end()
    expect(await outcomeOf(dialing)).toBe('SESSION_CLOSED')
  })

  it('forgets an inbound session that closes while it is asked about', async () => {
    const { ask, questions } = asking()
    const policy = gate({ beforeAccept: ask })
    const { hub, transport } = setup([policy])
    transport.inbound(A).end()
    expect([hub.size, policy.explain(A), questions[0]?.signal.aborted]).toEqual([0, [], true])
  })

  it('closes what waits when the hub closes', async () => {
    const { ask } = asking()
    const clock = createClock()
    const { hub, transport } = setup([gate({ beforeAccept: ask, beforeDial: ask, clock })])
    const session = transport.inbound(A)
    dial(hub, B)
    await hub.close()
    expect([session.reasons, clock.size]).toEqual([['hub-closed'], 0])
  })

  it('leaves what cannot be judged to the hub', () => {
    const beforeSession = vi.fn(() => true)
    const { hub, transport, onError } = setup([gate({ beforeSession })])
    transport.acceptAnything({ address: A, session: {} })
    dial(hub, B)
    dialOf(transport, B).attempt.succeed({} as never)
    expect([hub.size, onError.mock.calls.length]).toEqual([0, 1])
    expect(beforeSession).not.toHaveBeenCalled()
  })

  it('tells its own errors, and prints them where nobody listens', async () => {
    const given = vi.fn(() => {
      throw new Error('of whoever is told')
    })
    const beforeDial = () => {
      throw new Error('no database')
    }
    const { hub } = setup([gate({ beforeDial, onError: given })])
    expect(await outcomeOf(hub.connect(A))).toBe('DIAL_FAILED: GATE_FAILED')
    expect(given.mock.calls).toMatchObject([[{ message: 'no database' }]])
    const print = vi.spyOn(console, 'error').mockImplementation(() => {})
    await outcomeOf(setup([gate({ beforeDial })]).hub.connect(A))
    expect(print).toHaveBeenCalledTimes(1)
    print.mockRestore()
  })

  it.each<[() => unknown, string]>([
    [() => undefined, 'GATE_FAILED'],
    [() => 1, 'GATE_FAILED'],
    [() => Promise.resolve(), 'GATE_FAILED'],
    [() => Promise.reject(new Error('no')), 'GATE_FAILED'],
  ])('takes %s for a failure', async (answer, code) => {
    const options = { beforeDial: answer as never, onError }
    expect(await outcomeOf(setup([gate(options)]).hub.connect(A))).toBe(`DIAL_FAILED: ${code}`)
    const { hub, transport } = setup([gate({ ...options, onFailure: 'allow' })])
    dial(hub, A)
    await turns()
    expect(dialed(transport)).toEqual([A])
  })

  it.each([
    [{ beforeDial: 3 }, 'beforeDial'],
    [{ beforeDial: allow, timeout: 0 }, 'timeout'],
    [{ beforeDial: allow, onFailure: 'maybe' }, 'onFailure'],
    [{ beforedial: allow }, 'beforedial'],
    [{}, 'beforeDial'],
  ])('refuses %j by the name %s', (options, name) => {
    expect(() => gate(options as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(name) }),
    )
  })
})
