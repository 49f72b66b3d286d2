import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createHub, type Inbound } from '@conn-hub/core'
import { FaultSession } from '@conn-hub/testkit'
import { expect, it } from 'vitest'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

const SESSIONS = 20_000

/** In bytes. */
const memoryInUse = async (): Promise<number> => {
  await new Promise(setImmediate)
  collectGarbage()
  return process.memoryUsage().heapUsed
}

it('an idle session costs less than 1 KB in the hub, as SECURITY says', async () => {
  let accept: (inbound: Inbound<FaultSession>) => void = () => {}
  const listen = (take: typeof accept) => {
    accept = take
    return () => {}
  }
  const hub = createHub({ transport: { describe: () => ({}), dial: () => {}, listen } })
  const inbounds = Array.from({ length: SESSIONS }, (_, i) => ({
    address: `fault:${i}`,
    session: new FaultSession('inbound', `key ${i}`),
  }))
  const before = await memoryInUse()
  for (const inbound of inbounds) accept(inbound)
  const each = ((await memoryInUse()) - before) / SESSIONS
  expect(hub.size).toBe(SESSIONS)
  expect(each).toBeLessThan(1_024)
  // All of them were kept.
  expect(each).toBeGreaterThan(200)
  await hub.close()
})
