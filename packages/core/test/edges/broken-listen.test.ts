import { createHub, type Inbound, type Transport } from '@conn-hub/core'
import { createFaultTransport, FaultSession } from '@conn-hub/testkit'
import { describe, expect, it, vi } from 'vitest'
import { A } from '../setup.js'
import { unheardIn } from './setup.js'

type Accept = (inbound: Inbound<FaultSession>) => void

/** A transport with a `listen()` that is not as the port has it. */
const listening = (listen: (accept: Accept) => unknown) => {
  let accept: Accept = () => {}
  const transport = createFaultTransport()
  transport.listen = ((given: Accept) => {
    accept = given
    return listen(given)
  }) as NonNullable<Transport<FaultSession>['listen']>
  const hand = () => {
    const session = new FaultSession('inbound', 'a')
    accept({ address: A, session })
    return session
  }
  return { transport, hand }
}

const throwing = () => {
  throw new Error('listen() threw')
}

const ways = [
  ['is async', async () => () => {}],
  ['gives an object', () => ({})],
  ['throws', throwing],
] as const

describe('6 no orphan: createHub() with a listen() that', () => {
  it.each(ways)('%s throws, and closes the sessions that come later', (_, listen) => {
    const { transport, hand } = listening(listen)
    expect(() => createHub({ transport })).toThrow(
      expect.objectContaining({ code: 'TRANSPORT_BROKEN' }),
    )
    expect(hand()).toMatchObject({ closeCalls: 1, isOpen: false })
  })

  it.each(ways)('%s throws, and closes the sessions that it had already', (_, listen) => {
    const early = new FaultSession('inbound', 'a')
    const { transport } = listening((accept) => {
      accept({ address: A, session: early })
      return listen()
    })
    expect(() => createHub({ transport })).toThrow()
    expect(early).toMatchObject({ closeCalls: 1, isOpen: false })
  })

  it('is async is ended when its promise gives what ends it', async () => {
    const stop = vi.fn()
    const { transport } = listening(async () => stop)
    expect(() => createHub({ transport })).toThrow()
    await new Promise(setImmediate)
    expect(stop).toHaveBeenCalledTimes(1)
  })

  it('is async and rejects leaves nothing unheard', async () => {
    const { transport } = listening(async () => throwing())
    expect(await unheardIn(() => expect(() => createHub({ transport })).toThrow())).toEqual([])
  })
})
