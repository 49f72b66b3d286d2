// What an event costs beside the SDK: the same work with nobody listening, with listeners that do nothing, and measured by instruments
// that do nothing. By hand, after a build: node packages/opentelemetry/figures/cost.js

import { createHub } from '@conn-hub/core'
import { instrument } from '@conn-hub/opentelemetry'

const CYCLES = 100_000
const ROUNDS = 7
/** connecting, connected, disconnecting, disconnected. */
const EVENTS = 4

const nothing = { add: () => {}, record: () => {} }
const make = () => nothing
const meter = { createUpDownCounter: make, createCounter: make, createHistogram: make }
const meterProvider = { getMeter: () => meter }

const createTransport = () => ({
  describe: () => ({ kind: 'tcp' }),
  dial: (address, attempt) => {
    let onClosed = () => {}
    attempt.succeed({
      handle: address,
      direction: 'outbound',
      close: () => onClosed(),
      onClosed: (listener) => {
        onClosed = listener
      },
      traffic: () => ({ bytesIn: 1, bytesOut: 1 }),
    })
  },
})

const TYPES = ['*', 'change', 'session', 'session-closed', 'refused', 'error']
const SUBJECTS = {
  'nobody listens': () => {},
  'listeners that do nothing': (hub) => {
    for (const type of TYPES) hub.on(type, () => {})
  },
  measured: (hub) => instrument(hub, { name: 'cost', meterProvider }),
}

/** In µs of CPU for an event. */
const costOf = (listen) => {
  const hub = createHub({ transport: createTransport() })
  listen(hub)
  const before = process.cpuUsage()
  for (let i = 0; i < CYCLES; i++) {
    hub.connect(`tcp:${i % 1_000}`)
    hub.disconnect(`tcp:${i % 1_000}`)
  }
  const { user, system } = process.cpuUsage(before)
  hub.close()
  return (user + system) / CYCLES / EVENTS
}

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]

const costs = Object.fromEntries(Object.keys(SUBJECTS).map((name) => [name, []]))
for (let round = 0; round <= ROUNDS; round++) {
  for (const [name, listen] of Object.entries(SUBJECTS)) {
    const cost = costOf(listen)
    // The first round warms up.
    if (round > 0) costs[name].push(cost)
  }
}
const [none, idle, measured] = Object.values(costs).map(median)
for (const [name, cost] of Object.entries({ none, idle, measured })) {
  console.log(`${name.padEnd(10)} ${cost.toFixed(2)} µs an event`)
}
console.log(
  `our own: ${(measured - idle).toFixed(2)} µs, with the hub's delivery ${(measured - none).toFixed(2)} µs`,
)
