import { describe, it } from 'vitest'
import { conformance } from '../src/index.js'
import { judge } from './judge.js'
import { fault, late, memory, sbots, tcp } from './subjects.js'

const TRANSPORTS = {
  'the in-memory network': conformance(memory()),
  'the in-memory network with 20 ms between its ends': conformance(memory({ latency: 20 })),
  'the in-memory network that hands over 20 ms late': conformance(late(memory(), 20)),
  'the double for faults, without faults, first edition': conformance(fault(1)),
  'the double for faults, without faults, second edition': conformance(fault(2)),
  "the TCP example of core's README": conformance(tcp()),
}

describe.each(Object.entries(TRANSPORTS))('%s', { concurrent: true }, (_, cases) => {
  for (const each of cases) it(each.name, judge(each))
})

const SBOTS = {
  'secret-stack 6.4': conformance(sbots('6.4')),
  'secret-stack 8.1': conformance(sbots('8.1')),
}

describe.each(Object.entries(SBOTS))('%s', { concurrent: true }, (_, cases) => {
  for (const each of cases) {
    it(each.name, judge(each))
  }
})
