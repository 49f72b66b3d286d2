import { createHub } from '@conn-hub/core'
import { createFaultTransport, turns } from '@conn-hub/testkit'
import { expect, it } from 'vitest'
import { A } from '../setup.js'
import { settled, unheardIn } from './setup.js'

const unreadable = (member: string) =>
  Object.defineProperty({ close: () => {} }, member, {
    get: () => {
      throw new Error(`no ${member}`)
    },
  })

const world = () => {
  const transport = createFaultTransport()
  const errors: string[] = []
  const hub = createHub({ transport, onError: (error) => errors.push((error as Error).message) })
  return { transport, hub, errors }
}

for (const member of ['close', 'destroy']) {
  it(`a session whose ${member} throws when it is read ends there: nothing is thrown back at the transport`, async () => {
    const { transport, hub, errors } = world()
    transport.acceptAnything({ address: A, session: unreadable(member) })
    transport.acceptAnything(unreadable(member))
    expect(errors).toHaveLength(2)
    const outcome = settled(hub.connect(A))
    transport.lastDial.attempt.succeed(unreadable(member) as never)
    expect(await outcome).toBe('TRANSPORT_BROKEN')
    transport.lastDial.attempt.succeed(unreadable(member) as never)
    expect(errors).toHaveLength(3)
    expect(hub.size).toBe(0)
  })
}

it('what an async dial gives may throw when it is read, and no rejection is left unheard', async () => {
  const { transport, hub } = world()
  transport.dial = (async () => unreadable('close')) as never
  let outcome: unknown
  const unheard = await unheardIn(async () => {
    hub.connect(A, { timeout: 1 }).catch(({ code }) => {
      outcome = code
    })
    await turns()
  })
  expect(unheard).toEqual([])
  await expect.poll(() => outcome).toBe('DIAL_TIMEOUT')
})
