import { createHub } from '@conn-hub/core'
import { countSubscriptions, createFaultTransport, turns } from '@conn-hub/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { logTo } from '../../src/record/index.js'
import { A, B } from './support.js'

const setup = () => {
  const transport = createFaultTransport()
  const counted = countSubscriptions(createHub({ transport, onError: () => {} }))
  onTestFinished(() => counted.hub.close())
  const logged: { level: string; line: Record<string, unknown>; message: string }[] = []
  const levels = ['debug', 'info', 'warn', 'error'] as const
  const logger = Object.fromEntries(
    levels.map((level) => [
      level,
      (line: object, message: string) => void logged.push({ level, line: { ...line }, message }),
    ]),
  ) as Record<(typeof levels)[number], (line: object, message: string) => void>
  return { ...counted, transport, logger, logged }
}

it('logs lines of a record, each at its level', async () => {
  const { hub, transport, logger, logged, subscriptions } = setup()
  logTo(hub, logger)
  hub.connect(A).catch(() => {})
  transport.lastDial.fail()
  transport.inbound(B)
  transport.acceptAnything(7)
  hub.update(B, { n: 1 })
  await hub.close()
  expect(logged.map(({ level, message }) => `${level} ${message}`)).toEqual([
    'info connecting',
    'warn connecting-failed',
    'info connected',
    'warn refused',
    'error error',
    'debug change',
    'info disconnecting',
    'info disconnected',
    'info close',
  ])
  expect(logged[2]?.line).toMatchObject({
    type: 'connected',
    seq: 3,
    address: B,
    direction: 'inbound',
  })
  expect(subscriptions()).toBe(0)
})

it('hides addresses where it is asked to, ends when it is told to, and harms nobody where the logger throws', () => {
  const { hub, transport, logger, logged, subscriptions } = setup()
  const stop = logTo(hub, logger, { salt: 'a salt of the tests' })
  const stopThrowing = logTo(hub, {
    ...logger,
    info: () => {
      throw new Error('the log is full')
    },
  })
  transport.inbound('fault:anna')
  expect(hub.getState('fault:anna')).toBe('connected')
  const [first] = logged
  expect(JSON.stringify(first)).not.toContain('anna')
  stop()
  stopThrowing()
  expect(subscriptions()).toBe(0)
  expect(() => logTo(hub, {} as never)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }))
  expect(() => logTo(hub, logger, { part: 1 } as never)).toThrow('"part"')
})

it('hands on to the hub what a logger rejects with', async () => {
  const errors: unknown[] = []
  const transport = createFaultTransport()
  const hub = createHub({ transport, onError: (error) => void errors.push(error) })
  const fail = () => Promise.reject(new Error('the log is full'))
  const stop = logTo(hub, { debug: fail, info: fail, warn: fail, error: fail })
  transport.inbound(A)
  await turns()
  // That of the line, and that of the line about it.
  expect(errors).toEqual([new Error('the log is full'), new Error('the log is full')])
  stop()
  await hub.close()
})
