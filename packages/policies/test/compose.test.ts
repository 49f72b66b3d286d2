import { createHub, decorate, type Transport } from '@conn-hub/core'
import { createFaultTransport, type FaultSession } from '@conn-hub/testkit'
import { describe, expect, it } from 'vitest'
import {
  compose,
  createDrain,
  gate,
  limitDials,
  limitSessions,
  onePerPeer,
  type Policy,
} from '../src/index.js'
import { A } from './setup.js'

const asks = () => gate({ beforeSession: () => true })
const dials = () => limitDials({ parallel: 1 })
const sessions = () => limitSessions({ inbound: 1 })
const prunes = () => limitSessions({ inbound: 1, whenFull: 'prune' })
const own = (delaysSessions?: boolean): Policy => ({
  name: 'own',
  wrap: (transport) => decorate(transport, {}),
  delaysSessions,
})

const over = (...policies: Policy[]) => compose(createFaultTransport({ self: 'me' }), ...policies)

describe('compose', () => {
  it('puts the last one outermost', async () => {
    const order: string[] = []
    const named = (name: string): Policy => ({
      name,
      wrap: (transport) =>
        decorate(transport, {
          dial: (address, attempt, inner) => {
            order.push(name)
            return inner(address, attempt)
          },
        }),
    })
    createHub({ transport: over(named('inner'), named('outer')) })
      .connect(A)
      .catch(() => {})
    expect(order).toEqual(['outer', 'inner'])
  })

  it('keeps the type of the handle, and is the transport itself without policies', () => {
    const transport = createFaultTransport()
    const same: Transport<FaultSession> = compose(transport)
    const limited: Transport<FaultSession> = compose(transport, dials(), sessions())
    expect([same === transport, limited === transport]).toEqual([true, false])
  })

  it.each<[string, Policy[]]>([
    ['limitSessions inside a gate', [sessions(), asks()]],
    ['limitSessions inside a gate, with another between', [sessions(), dials(), asks()]],
    ['onePerPeer inside a gate', [onePerPeer(), asks()]],
    ['onePerPeer inside a limit that waits for room', [onePerPeer(), prunes()]],
    ['limitSessions inside something that says so of itself', [sessions(), own(true)]],
    ['a drain that is not the last', [createDrain(), dials()]],
  ])('refuses %s, also where one compose() is round another', (_, policies) => {
    const leaks = expect.objectContaining({ code: 'POLICY_ORDER' })
    expect(() => over(...policies)).toThrow(leaks)
    const oneByOne = () =>
      policies.reduce<Transport<FaultSession>>(
        (inner, policy) => compose(inner, policy),
        createFaultTransport({ self: 'me' }),
      )
    expect(oneByOne).toThrow(leaks)
  })

  it.each<[string, Policy[]]>([
    ['limitSessions round a gate', [asks(), sessions()]],
    ['limitSessions inside a gate for dials', [sessions(), gate({ beforeDial: () => true })]],
    ['limitSessions inside limitDials', [sessions(), dials()]],
    ['onePerPeer round everything that waits', [asks(), prunes(), onePerPeer(), createDrain()]],
    ['limitSessions inside one of your own', [sessions(), own()]],
  ])('takes %s', (_, policies) => {
    expect(() => over(...policies)).not.toThrow()
  })

  it.each([
    ['refuse', {}],
    ['prune', { whenFull: 'prune' as const }],
  ])('refuses one link for each key beside onePerPeer (%s)', (_, options) => {
    const conflict = expect.objectContaining({
      code: 'POLICY_CONFLICT',
      message: expect.stringMatching(/onePerPeer.*limitSessions/),
    })
    const one = () => limitSessions({ perKey: 1, ...options })
    expect(() => over(one(), onePerPeer())).toThrow(conflict)
    expect(() => compose(over(one()), dials(), onePerPeer())).toThrow(conflict)
  })

  it('refuses it the other way round, too', () => {
    const inside = () => over(onePerPeer(), limitSessions({ perKey: 1 }))
    expect(inside).toThrow(expect.objectContaining({ code: 'POLICY_CONFLICT' }))
  })

  it.each([{ perKey: 2 }, { inbound: 1 }])('takes onePerPeer beside %j', (options) => {
    expect(() => over(limitSessions(options), onePerPeer())).not.toThrow()
  })

  it('has used up no policy where it refuses', () => {
    const policy = sessions()
    expect(() => over(policy, asks())).toThrow()
    expect(() => over(policy)).not.toThrow()
  })

  it.each<[string, () => Policy]>([
    ['limitDials', dials],
    ['limitSessions', sessions],
    ['gate', asks],
    ['onePerPeer', onePerPeer],
    ['createDrain', createDrain],
  ])('refuses %s that is round another transport', (name, make) => {
    const policy = make()
    over(policy)
    const again = expect.objectContaining({
      code: 'POLICY_IN_USE',
      message: expect.stringContaining(name),
    })
    expect(() => over(policy)).toThrow(again)
  })

  it.each([undefined, {}, { wrap: () => {} }, (transport: unknown) => transport])(
    'refuses %s as a policy',
    (policy) => {
      expect(() => over(policy as never)).toThrow(
        expect.objectContaining({ code: 'INVALID_OPTION' }),
      )
    },
  )

  it('refuses what is no transport', () => {
    expect(() => compose(undefined as never)).toThrow(/transport/)
    expect(() => over({ name: 'own', wrap: () => undefined as never })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    )
  })

  it('takes a policy that gives the very transport, or one that is frozen', () => {
    const same: Policy = { name: 'same', wrap: (transport) => transport }
    const frozen: Policy = {
      name: 'frozen',
      wrap: (transport) => Object.freeze(decorate(transport, {})),
    }
    const transport = createFaultTransport()
    expect(compose(transport, same)).toBe(transport)
    expect(() => compose(compose(transport, frozen), same)).not.toThrow()
  })

  it('refuses onePerPeer round a transport that does not know its own key', () => {
    expect(() => compose(createFaultTransport(), onePerPeer())).toThrow(
      expect.objectContaining({ code: 'NO_SELF', message: expect.stringContaining('onePerPeer') }),
    )
  })

  it('serves a second hub once the first has closed', async () => {
    const transport = over(sessions(), dials(), createDrain())
    const first = createHub({ transport })
    expect(() => createHub({ transport })).toThrow(
      expect.objectContaining({ code: 'TRANSPORT_IN_USE' }),
    )
    await first.close()
    const second = createHub({ transport })
    second.connect(A).catch(() => {})
    expect(second.getState(A)).toBe('connecting')
  })
})
