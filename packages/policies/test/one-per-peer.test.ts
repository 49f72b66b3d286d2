import { FaultSession, turns } from '@conn-hub/testkit'
import { describe, expect, it } from 'vitest'
import { onePerPeer } from '../src/index.js'
import { createClock, dial, dialOf, setup } from './setup.js'

const SETTLE = 1_000

/** A session that answers probes as the test says. */
class Probed extends FaultSession {
  /** Those that wait: each gives the answer. */
  readonly asked: { answer(): void; refuse(): void }[] = []
  answers: 'at-once' | 'later' | 'never' | 'throws' = 'at-once'

  probe(): Promise<void> {
    if (this.answers === 'throws') throw new Error('probe() threw')
    if (this.answers === 'at-once') return Promise.resolve()
    return new Promise((answer, refuse) => this.asked.push({ answer, refuse }))
  }
}

/** Ourselves, and one peer; each with the lower key once. */
const world = (self: string, peer: string) => {
  const clock = createClock()
  const policy = onePerPeer({ settle: SETTLE, clock })
  const base = setup([policy], { self })
  const address = (name: string) => `fault:anonymous-${name}`
  const open = (direction: 'inbound' | 'outbound', where: string, answers?: Probed['answers']) => {
    const session = new Probed(direction, peer)
    if (answers) session.answers = answers
    if (direction === 'inbound') base.transport.inbound(address(where), session)
    else {
      dial(base.hub, address(where))
      dialOf(base.transport, address(where)).attempt.succeed(session)
    }
    return session
  }
  const pass = async (ms: number) => {
    await turns()
    for (let left = ms; left > 0; left -= 100) {
      clock.pass(Math.min(100, left))
      await turns()
    }
  }
  return { ...base, policy, clock, open, pass }
}

const lower = () => world('anna', 'ben')
const higher = () => world('ben', 'anna')
const openOf = (...sessions: Probed[]) => sessions.map(({ isOpen }) => isOpen)

describe('onePerPeer, at the lower key', () => {
  it('keeps the link that it has dialed, whichever came first', async () => {
    for (const directions of [['inbound', 'outbound'] as const, ['outbound', 'inbound'] as const]) {
      const { open } = lower()
      const sessions = [open(directions[0], 'x'), open(directions[1], 'y')] as const
      await turns()
      for (const session of sessions) {
        expect(session.isOpen).toBe(session.direction === 'outbound')
        expect(session.reasons).toEqual(session.isOpen ? [] : ['duplicate'])
      }
    }
  })

  it('closes one session of an entry that has both, and the entry stays', async () => {
    const { hub, transport, recording } = lower()
    const address = 'fault:anonymous-x'
    dial(hub, address)
    const [ours, theirs] = [new Probed('outbound', 'ben'), new Probed('inbound', 'ben')]
    transport.inbound(address, theirs)
    dialOf(transport, address).attempt.succeed(ours)
    expect(hub.get(address)?.sessions).toHaveLength(2)
    await turns()
    expect([theirs.reasons, hub.get(address)?.sessions]).toEqual([['duplicate'], [ours]])
    expect(recording.events.map(({ type }) => type)).toEqual(['connecting', 'connected'])
  })

  it('closes nothing before the one that stays has answered', async () => {
    const { open } = lower()
    const [theirs, ours] = [open('inbound', 'x'), open('outbound', 'y', 'later')]
    await turns()
    expect(openOf(theirs, ours)).toEqual([true, true])
    ours.asked[0]?.answer()
    await turns()
    expect(openOf(theirs, ours)).toEqual([false, true])
  })

  it('waits for settle where the one that stays cannot be asked', async () => {
    const { open, pass } = lower()
    const theirs = open('inbound', 'x')
    const ours = open('outbound', 'y')
    Object.defineProperty(ours, 'probe', { value: undefined })
    await pass(SETTLE - 1)
    expect(openOf(theirs, ours)).toEqual([true, true])
    await pass(1)
    expect(openOf(theirs, ours)).toEqual([false, true])
  })

  it.each(['never', 'throws'] as const)(
    'keeps the other one where its own does not answer (%s): an old link that has died',
    async (answers) => {
      const { open, pass } = lower()
      const [old, theirs] = [open('outbound', 'x', answers), open('inbound', 'y')]
      await pass(SETTLE)
      expect(openOf(old, theirs)).toEqual([false, true])
    },
  )

  it('leaves both where none answers, and asks again', async () => {
    const { open, pass } = lower()
    const [ours, theirs] = [open('outbound', 'x', 'never'), open('inbound', 'y', 'never')]
    await pass(10 * SETTLE)
    expect(openOf(ours, theirs)).toEqual([true, true])
    ours.answers = 'at-once'
    await pass(4 * SETTLE)
    expect(openOf(ours, theirs)).toEqual([true, false])
  })

  it('leaves the older ones of theirs to the one who has dialed them', async () => {
    const { open, pass } = lower()
    const [one, two] = [open('inbound', 'x'), open('inbound', 'y')]
    await pass(10 * SETTLE)
    expect(openOf(one, two)).toEqual([true, true])
  })

  it('ends one of theirs that is dead, once another one has answered', async () => {
    const { open, pass } = lower()
    const [dead, fresh] = [open('inbound', 'x', 'never'), open('inbound', 'y')]
    await pass(3 * SETTLE)
    expect(openOf(dead, fresh)).toEqual([true, true])
    await pass(2 * SETTLE)
    expect(openOf(dead, fresh)).toEqual([false, true])
  })

  it('keeps a silent one where the one that has answered closes meanwhile', async () => {
    const { open, pass } = lower()
    const [silent, fresh] = [open('inbound', 'x', 'never'), open('inbound', 'y')]
    await pass(4.5 * SETTLE)
    fresh.end()
    await pass(5 * SETTLE)
    expect(openOf(silent, fresh)).toEqual([true, false])
  })

  it('keeps what came while it asked, and looks again', async () => {
    const { open } = lower()
    const [theirs, ours] = [open('inbound', 'x'), open('outbound', 'y', 'later')]
    await turns()
    const newer = open('outbound', 'z')
    ours.asked[0]?.answer()
    await turns()
    expect(openOf(theirs, ours, newer)).toEqual([false, false, true])
  })
})

describe('onePerPeer, at the higher key', () => {
  it('closes nothing of what the lower key decides, so that two links stay where that does not', async () => {
    const { open, pass, clock } = higher()
    const [ours, theirs] = [open('outbound', 'x'), open('inbound', 'y')]
    await pass(100 * SETTLE)
    expect(openOf(ours, theirs)).toEqual([true, true])
    expect(clock.size).toBe(0)
  })

  it('closes the older of two that it has dialed', async () => {
    const { open } = higher()
    const [older, newer] = [open('outbound', 'x'), open('outbound', 'y')]
    await turns()
    expect(openOf(older, newer)).toEqual([false, true])
  })

  it('keeps the older where the newer does not answer', async () => {
    const { open, pass } = higher()
    const [older, newer] = [open('outbound', 'x'), open('outbound', 'y', 'never')]
    await pass(SETTLE)
    expect(openOf(older, newer)).toEqual([true, false])
  })

  it('ends an old link that the other side does not know any more', async () => {
    const { open, pass } = higher()
    const [old, theirs] = [open('outbound', 'x', 'never'), open('inbound', 'y')]
    await pass(5 * SETTLE)
    expect(openOf(old, theirs)).toEqual([false, true])
  })
})

describe('onePerPeer', () => {
  it('goes by proved keys alone', async () => {
    const { transport, hub } = lower()
    const [one, two] = ['1', '2'].map((name) =>
      transport.inbound(`fault:anonymous-${name}`, { key: undefined }),
    )
    dial(hub, 'fault:ben')
    await turns()
    expect([one?.isOpen, two?.isOpen]).toEqual([true, true])
  })

  it('tells duplicate as ours', async () => {
    const { open, recording } = lower()
    open('inbound', 'x')
    open('outbound', 'y')
    await turns()
    expect(recording.events.at(-1)).toMatchObject({
      type: 'disconnected',
      reason: 'duplicate',
      initiator: 'local',
    })
  })

  it('says that it is settling', async () => {
    const { policy, open } = lower()
    open('inbound', 'x')
    open('outbound', 'y', 'later')
    expect(policy.explain('any', 'ben')).toMatchObject([{ by: 'onePerPeer' }])
    expect(policy.explain('any', 'carla')).toEqual([])
  })

  it('goes on where a session cannot be closed', async () => {
    const { open, pass } = lower()
    const theirs = open('inbound', 'x')
    theirs.onClose = 'reject'
    const ours = open('outbound', 'y')
    await pass(10 * SETTLE)
    expect(openOf(theirs, ours)).toEqual([true, true])
  })

  it('leaves no timer when the hub closes', async () => {
    const { hub, open, clock } = lower()
    open('inbound', 'x', 'never')
    open('outbound', 'y', 'never')
    await turns()
    expect(clock.size).toBe(1)
    await hub.close()
    await turns()
    expect(clock.size).toBe(0)
  })

  it.each([[{ settle: 0 }], [{ setle: 1 }], [null]])('refuses %j', (options) => {
    expect(() => onePerPeer(options as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    )
  })
})
