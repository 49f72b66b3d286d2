import { describe, it } from 'vitest'
import { conformance } from '../src/index.js'
import { fault, memory, sbots, tcp } from './subjects.js'

const TRANSPORTS = {
  'the in-memory network': conformance(memory),
  'the double for faults, without faults': conformance(fault),
  "the TCP example of core's README": conformance(tcp()),
  'secret-stack 6.4': conformance(sbots('6.4')),
  'secret-stack 8.1': conformance(sbots('8.1')),
}

describe.each(Object.entries(TRANSPORTS))('%s', (_, cases) => {
  for (const { name, run } of cases) it(name, run)
})
