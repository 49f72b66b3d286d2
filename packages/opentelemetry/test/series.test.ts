import { createHub, type Transport } from '@conn-hub/core'
import { createFaultTransport, FaultSession } from '@conn-hub/testkit'
import { expect, it } from 'vitest'
import { instrument } from '../src/index.js'
import { startExporter } from './support.js'

// What strangers choose makes no series: not one for each address, key, kind, code or reason.

const ADDRESSES = 100_000

it('has as many series after 100,000 random addresses as after the first thousands', async () => {
  const { meterProvider, scrape } = await startExporter()
  const strange: Transport<FaultSession> = {
    describe: (address) => ({ kind: address.slice(0, 12), key: address }),
    dial: (address, attempt) => {
      const code = `CODE_${address.slice(6).toUpperCase()}`
      if (address.endsWith('7')) attempt.fail(Object.assign(new Error(address), { code }))
      else attempt.succeed(new FaultSession('outbound', address))
    },
  }
  const hub = createHub({ transport: strange, onError: () => {} })
  instrument(hub, { name: 'chat', meterProvider })
  let accept: ((refusal: { why: string }) => void) | undefined
  strange.listen = (_, side) => {
    accept = ({ why }) => side.refused({ by: 'x', why, direction: 'inbound' })
    return () => {}
  }
  const sided = createHub({ transport: strange, onError: () => {} })
  instrument(sided, { name: 'side', meterProvider })
  const random = createRandom(7)
  const visit = (count: number) => {
    for (let i = 0; i < count; i++) {
      const address = `fault:${random()}-${i}`
      hub.connect(address).catch(() => {})
      accept?.({ why: address })
      const [session] = hub.get(address)?.sessions ?? []
      if (i % 3 === 0) (session as FaultSession | undefined)?.end(undefined, `bye ${address}`)
      else hub.disconnect(address, { reason: `of ${address}` }).catch(() => {})
    }
  }
  visit(5_000)
  const first = await scrape()
  visit(ADDRESSES - 5_000)
  const last = await scrape()
  expect([...last.values.keys()]).toEqual([...first.values.keys()])
  expect(last.values.size).toBeLessThan(700)
  // 16 kinds and `other`; no address anywhere.
  const kinds = new Set(last.text.match(/kind="[^"]*"/g))
  expect(kinds.size).toBe(17)
  expect(kinds).toContain('kind="other"')
  expect(last.text).not.toMatch(/fault:[a-z0-9]+-\d+/)
  expect(last.get('refused_total{why="other"}')).toBe(ADDRESSES)
  await hub.close()
  await sided.close()
})

it('has no series for each code that a transport makes up', async () => {
  const { meterProvider, scrape } = await startExporter()
  const transport = createFaultTransport()
  const brand = Symbol.for('@conn-hub/HubError')
  const hub = createHub({ transport })
  instrument(hub, { name: 'chat', meterProvider })
  for (let i = 0; i < 1_000; i++) {
    hub.connect(`fault:${i}`).catch(() => {})
    transport.lastDial.fail(Object.assign(new Error('no'), { code: `CODE_${i}`, [brand]: true }))
  }
  const types = new Set((await scrape()).text.match(/error_type="[^"]*"/g))
  expect(types.size).toBe(17)
  expect(types).toContain('error_type="_OTHER"')
})

/** Small and repeatable. */
const createRandom = (seed: number) => {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state.toString(36)
  }
}
