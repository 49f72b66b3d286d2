import { createHub } from '@conn-hub/core'
import { createFaultTransport } from '@conn-hub/testkit'
import { expect, it } from 'vitest'
import { A } from '../setup.js'
import { settled } from './setup.js'

const world = () => {
  const transport = createFaultTransport()
  const hub = createHub({ transport })
  const onData = (work: () => void) =>
    hub.on('change', ({ after }) => {
      if (after?.data.n) work()
    })
  return { transport, hub, onData }
}

it('the last call counts: a disconnect() in the handler of the data of a joiner cancels the joiner too', async () => {
  const { transport, hub, onData } = world()
  const first = settled(hub.connect(A))
  onData(() => hub.disconnect(A))
  const second = settled(hub.connect(A, { data: { n: 1 } }))
  expect(await Promise.all([first, second])).toEqual(['DIAL_CANCELLED', 'DIAL_CANCELLED'])
  expect(transport.dials).toHaveLength(1)
  expect(hub.size).toBe(0)
})

it('the last call counts: a connect() with data gets the session that was open, though a handler then disconnects it', async () => {
  const { transport, hub, onData } = world()
  const session = transport.inbound(A)
  onData(() => hub.disconnect(A))
  expect(await hub.connect(A, { data: { n: 1 } })).toBe(session)
  expect(transport.dials).toHaveLength(0)
  expect(hub.size).toBe(0)
})
