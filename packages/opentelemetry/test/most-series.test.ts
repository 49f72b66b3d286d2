import { readFileSync } from 'node:fs'
import { createHub, type HubSide, type Inbound, type Transport } from '@conn-hub/core'
import { FaultSession } from '@conn-hub/testkit'
import { expect, it } from 'vitest'
import { instrument } from '../src/index.js'
import { startExporter } from './support.js'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')

/** Every reason, why and code that has a series of its own, and more that have none. */
const words = [...read('../src/words.ts').matchAll(/'([a-z]+(?:-[a-z0-9]+)*)'/g)].map(
  ([, w = '']) => w,
)
const codes = [...read('../src/words.ts').matchAll(/'([A-Z][A-Z_]+)'/g)].map(([, c = '']) => c)
const KINDS = [undefined, ...Array.from({ length: 20 }, (_, i) => `kind ${i}`)]
const CODES = [...codes, ...Array.from({ length: 20 }, (_, i) => `CODE_${i}`)]

it('a hub that has seen everything has about as many series as the README says', async () => {
  const { meterProvider, scrape } = await startExporter()
  const brand = Symbol.for('@conn-hub/HubError')
  const given: { side?: HubSide<FaultSession>; take?: (inbound: Inbound<FaultSession>) => void } =
    {}
  const accept = (session: FaultSession, address: string) => given.take?.({ address, session })
  const transport: Transport<FaultSession> = {
    describe: (address) => ({ kind: KINDS[Number(/^kind (\d+)$/.exec(address)?.[1])] }),
    dial: (address, attempt) => {
      if (address.startsWith('hold')) attempt.hold('a queue')()
      const code = /^fails by (.+)$/.exec(address)?.[1]
      if (code) attempt.fail(Object.assign(new Error(code), { code, [brand]: true }))
      else attempt.succeed(sessionOf('outbound', address))
    },
    listen: (take, side) => {
      Object.assign(given, { take, side })
      return () => {}
    },
  }
  const sessionOf = (direction: 'inbound' | 'outbound', address: string) =>
    Object.assign(new FaultSession(direction, address), {
      traffic: () => ({ bytesIn: 1, bytesOut: 1 }),
    })
  const hub = createHub({ transport, onError: () => {} })
  instrument(hub, { name: 'chat', meterProvider })
  hub.on('connected', () => {
    throw new Error('a listener that throws')
  })
  for (const i of KINDS.keys()) {
    const address = `kind ${i}`
    hub.connect(address).catch(() => {})
    accept(sessionOf('inbound', address), address)
    hub.disconnect(address)
    for (const { handle } of hub.get(address)?.sessions ?? []) handle.end()
  }
  for (const code of CODES) hub.connect(`fails by ${code}`).catch(() => {})
  for (const word of [...words, 'something else']) {
    hub.connect('hold').catch(() => {})
    hub.disconnect('hold', { reason: word })
    const session = sessionOf('inbound', 'theirs')
    accept(session, 'theirs')
    session.end(undefined, word)
    given.side?.refused({ by: 'x', why: word, direction: 'inbound' })
  }
  await hub.close()
  const { size } = (await scrape()).values
  const [, said = ''] = /at most about ([\d,]+) series/.exec(read('../README.md')) ?? []
  const most = Number(said.replace(',', ''))
  expect(size).toBeLessThanOrEqual(most)
  expect(size).toBeGreaterThan(most * 0.9)
})
