import { createHub, type Session } from '@conn-hub/core'
import { describe, expect, it } from 'vitest'
import { watchLiveness } from '../src/liveness/index.js'

const isAsked = process.env.KEEPER_FIGURES === '1'
if (!isAsked)
  console.log('Idle links are left out: KEEPER_FIGURES=1 measures them, in a minute and a half.')

// In a file of its own, so in a process of its own: what others leave behind costs CPU, too.
describe.skipIf(!isAsked)('figures', () => {
  it('10,000 idle links', { timeout: 3_600_000 }, async () => {
    let accept: (inbound: { address: string; session: Session<object> }) => void = () => {}
    const hub = createHub<object>({
      transport: {
        describe: () => ({}),
        dial: () => undefined,
        listen: (taken) => {
          accept = taken
          return () => {}
        },
      },
    })
    const liveness = watchLiveness(hub)
    let probes = 0
    for (let n = 0; n < 10_000; n++) {
      const handle = {}
      accept({
        address: `peer ${n}`,
        session: {
          handle,
          direction: 'inbound',
          close: () => {},
          onClosed: () => {},
          traffic: () => ({}),
          // The answer of a network: later.
          probe: () => {
            probes++
            return new Promise((resolve) => void setImmediate(resolve))
          },
        },
      })
    }
    const seconds = 90
    const begun = process.cpuUsage()
    const asked = probes
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000))
    const { user, system } = process.cpuUsage(begun)
    const share = (user + system) / 1e6 / seconds
    console.log(
      `10,000 idle links: ${(share * 100).toFixed(2)} % of a core, ${probes - asked} probes in ${seconds} s`,
    )
    liveness.close()
    expect(probes - asked).toBeGreaterThan(20_000)
    expect(share).toBeLessThanOrEqual(0.01)
  })
})
