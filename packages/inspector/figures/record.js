// What a record costs the hub, and how much is written in a second. By hand, after a build: node packages/inspector/figures/record.js

import fs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHub } from '@conn-hub/core'
import { record, replay, rotatingFile } from '@conn-hub/inspector/record'

const ROUNDS = 5
const CYCLES = 25_000
/** connecting, connected, disconnecting, disconnected. */
const EVENTS = 4
/** So that timers come in between, as in an app. */
const BURST = 250
const KEY = 'DQjvp5jmMZ3JC4GRYrSSCKsR9yBiuFNJHdbEkcjZlfo='

const addressOf = (n) => `net:host-${n % 1_000}.example.com:8008~shs:${KEY}`

const transport = {
  describe: (address) => ({ kind: 'net', key: `@${address.slice(-44)}.ed25519` }),
  dial: (address, attempt) => {
    let onClosed = () => {}
    attempt.succeed({
      handle: address,
      direction: 'outbound',
      key: `@${KEY}.ed25519`,
      close: () => onClosed(),
      onClosed: (listener) => {
        onClosed = listener
      },
    })
  },
}

/** Runs the cycles. Gives µs of CPU for an event, and events a second by the clock. */
const run = async (start) => {
  const hub = createHub({ transport })
  const recorder = start(hub)
  const began = performance.now()
  const before = process.cpuUsage()
  for (let i = 0; i < CYCLES; i++) {
    hub.connect(addressOf(i))
    hub.disconnect(addressOf(i))
    if (i % BURST === 0) await new Promise(setImmediate)
    // No faster than the disk: what is lost would be written for nothing.
    if (recorder?.waiting > 4_000_000) await recorder.flush()
  }
  await recorder?.flush()
  const { user, system } = process.cpuUsage(before)
  const seconds = (performance.now() - began) / 1_000
  const lost = recorder?.lost ?? 0
  await recorder?.stop()
  await hub.close()
  return {
    cost: (user + system) / CYCLES / EVENTS,
    rate: (CYCLES * EVENTS) / seconds,
    cpu: (user + system) / 1e6 / seconds,
    lost,
  }
}

const folder = await fs.mkdtemp(join(tmpdir(), 'conn-hub-figures-'))
const path = join(folder, 'hub.jsonl')
const SUBJECTS = {
  'no record': () => undefined,
  'to nowhere': (hub) => record(hub, () => {}),
  'to files': (hub) => record(hub, rotatingFile(fs, path)),
  'to files, hashed': (hub) =>
    record(hub, rotatingFile(fs, path), { salt: 'a salt of the figures' }),
}
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]
const found = Object.fromEntries(Object.keys(SUBJECTS).map((name) => [name, []]))
for (let round = 0; round <= ROUNDS; round++) {
  for (const [name, start] of Object.entries(SUBJECTS)) {
    const result = await run(start)
    // The first round warms up.
    if (round > 0) found[name].push(result)
  }
}
const base = median(found['no record'].map(({ cost }) => cost))
for (const [name, results] of Object.entries(found)) {
  const cost = median(results.map((result) => result.cost)) - base
  const rate = median(results.map((result) => result.rate))
  const cpu = median(results.map((result) => result.cpu))
  const lost = Math.max(...results.map((result) => result.lost))
  console.log(
    `${name.padEnd(17)} ${cost.toFixed(2)} µs an event, ${Math.round(rate)} events/s on ${Math.round(cpu * 100)} % of a core, ${lost} lost`,
  )
}

const text = await fs.readFile(path, 'utf8')
const before = process.cpuUsage()
const hub = replay(text)
let events = 0
hub.on('*', () => events++)
hub.play()
const { user } = process.cpuUsage(before)
console.log(`replay            ${(user / events).toFixed(2)} µs an event (${events} of them)`)
await fs.rm(folder, { recursive: true })
