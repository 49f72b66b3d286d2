import { blocksOf, moduleOf } from '@conn-hub/testkit'
import { describe, it } from 'vitest'
import { conformance, type Packet, type Subject } from '../src/index.js'
import { late, memory } from './subjects.js'

/** `DELAY_RUNS=100` tries it as often as a claim of "always" needs. */
const RUNS = Number(process.env.DELAY_RUNS ?? 3)

const DELAYS = [0, 5, 50, 200]

const repeat = async (cases: ReturnType<typeof conformance>) => {
  const found = cases.find(({ name }) => name === 'two hubs that dial each other at once agree')
  for (let run = 0; run < RUNS; run++) await found?.run()
}

interface Play {
  createNetwork(): { peer(name: string): Subject<unknown>['peers'][0] }
}

/** The transport of this package's own README. */
const play = {
  setup: async (): Promise<Subject<unknown>> => {
    const [code = ''] = blocksOf(new URL('../README.md', import.meta.url), 'js')
    const [transport] = code.split('const cases =')
    const exported = `${transport}\nexport { createNetwork }`
    const { createNetwork } = await moduleOf<Play>(exported, new URL('.', import.meta.url))
    const { peer } = createNetwork()
    return { peers: [peer('anna'), peer('ben')], deadAddress: 'play:nobody' }
  },
}

describe('two hubs that dial each other at once agree, whichever side learns of it later', () => {
  const timeout = RUNS * 60_000

  it.each(DELAYS)('with %i ms between the two ends', { timeout }, async (latency) => {
    await repeat(conformance(memory({ latency })))
  })

  it.each(DELAYS)('with %i ms in one direction', { timeout }, async (ms) => {
    await repeat(conformance(memory({ latency: (from) => (from === 'a' ? ms : 0) })))
  })

  it.each(DELAYS)('where one dial begins %i ms later than the other', { timeout }, async (ms) => {
    const onPacket = ({ kind, from }: Packet, pass: () => void) => {
      if (kind === 'dial' && from === 'b') setTimeout(pass, ms)
      else pass()
    }
    await repeat(conformance(memory({ latency: 1, onPacket })))
  })

  it.each(DELAYS)('where what comes in is handed over %i ms late', { timeout }, async (ms) => {
    await repeat(conformance(late(memory(), ms)))
  })

  it.each(DELAYS)('in the example, %i ms late', { timeout }, async (ms) => {
    await repeat(conformance(late(play, ms)))
  })
})
