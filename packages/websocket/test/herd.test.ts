import { createHub } from '@conn-hub/core'
import { createKeeper } from '@conn-hub/keeper'
import { expect, it, onTestFinished } from 'vitest'
import { createWebSocketTransport, tokenIdentity } from '../src/index.js'
import { createDialer, endServer, startServer, until, WebSocket } from './support.js'

// By the variable FIGURES they are 1,000, with the keeper's own backoff, as the README says.
const FIGURES = process.env.FIGURES !== undefined
const CLIENTS = FIGURES ? 1_000 : 60
const BACKOFF = FIGURES ? {} : { base: 300, max: 1_000 }
const MINUTES = 120_000
const LONG = FIGURES ? 10_000 : 500

const startClients = (url: string) => {
  let asked = 0
  const identity = tokenIdentity({ token: () => `token ${asked++}` })
  const transport = createWebSocketTransport({ WebSocket, identity })
  const hubs = Array.from({ length: CLIENTS }, () => createHub({ transport, onError: () => {} }))
  onTestFinished(async () => void (await Promise.all(hubs.map((hub) => hub.close()))))
  const dials = { count: 0 }
  for (const hub of hubs) {
    hub.on('connecting', () => dials.count++)
    createKeeper(hub, { backoff: BACKOFF }).keep(url)
  }
  return { hubs, dials }
}

/** The most that came within 100 ms. */
const peakOf = (times: readonly number[]): number =>
  Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 100).length))

it.each([0, LONG])(
  `${CLIENTS} clients with a keeper lose their server in the same moment, and have it again after %i ms`,
  async (away) => {
    const identity = tokenIdentity({ verify: (token) => token })
    const first = await startServer()
    const there = createDialer({ server: first.server, identity })
    const { hubs, dials } = startClients(first.url)
    await until(() => there.hub.size === CLIENTS, 'all have come', MINUTES)
    await endServer(first.server)
    await until(() => hubs.every((hub) => hub.size === 0), 'all have lost it', MINUTES)
    await there.hub.close()
    const lost = dials.count
    const gone = performance.now()
    await until(() => performance.now() - gone >= away, 'it was away for so long', MINUTES)
    const second = await startServer({ port: first.port })
    const arrivals: number[] = []
    second.server.on('connection', () => arrivals.push(performance.now()))
    const again = createDialer({ server: second.server, identity })
    const start = performance.now()
    await until(() => again.hub.size === CLIENTS, 'all are back', MINUTES)
    const seconds = ((performance.now() - start) / 1_000).toFixed(1)
    console.log(
      `${CLIENTS} clients, away for ${away} ms: at most ${peakOf(arrivals)} in 100 ms, all back after ${seconds} s, ${dials.count - lost} dials`,
    )
    // Each came once, and nobody was turned away.
    expect(arrivals).toHaveLength(CLIENTS)
    expect(again.refused).toEqual([])
    await until(() => hubs.every((hub) => hub.size === 1), 'each knows it', MINUTES)
    if (FIGURES) expect(peakOf(arrivals)).toBeLessThan(CLIENTS / 10)
  },
  300_000,
)
