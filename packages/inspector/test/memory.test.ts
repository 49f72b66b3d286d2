import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createHub } from '@conn-hub/core'
import { createFaultTransport } from '@conn-hub/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { Journal } from '../src/journal.js'

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

const megabytes = (): number => {
  collect()
  return process.memoryUsage().heapUsed / 1e6
}

/** What the journal of a hub takes, in MB, once it is full of visitors each of which has an address of its own. */
const full = async (addressOf: (n: number) => string): Promise<number> => {
  const transport = createFaultTransport()
  const hub = createHub({ transport })
  onTestFinished(() => hub.close())
  const journal = new Journal(hub)
  const visit = (from: number, to: number) => {
    for (let n = from; n < to; n++) {
      transport.inbound(addressOf(n)).end()
      transport.sessions.length = 0
    }
  }
  // What the engine needs for the code itself is there already.
  visit(0, 2_000)
  const before = megabytes()
  const release = journal.hold()
  visit(2_000, 8_000)
  const taken = megabytes() - before
  expect(journal.oldestAfter(0)).toBe(journal.seq - 9_999)
  release()
  return taken
}

// Figures of the README.
it('of past events is 3.6 MB where addresses have the usual length', async () => {
  const taken = await full((n) => `net:host-${n}.example.com:8008~shs:${'k'.repeat(44)}`)
  expect(taken).toBeGreaterThan(1)
  expect(taken).toBeLessThan(4.5)
})

it('of past events is 48 MB where each has a new address of 4,096 characters', async () => {
  const taken = await full((n) => `fault:${n}`.padEnd(4_096, String.fromCharCode(97 + (n % 26))))
  expect(taken).toBeGreaterThan(10)
  expect(taken).toBeLessThan(52)
})
