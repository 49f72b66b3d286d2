import { setTimeout as sleep } from 'node:timers/promises'
import { createHub, type Hub } from '@conn-hub/core'
import { serveInspector } from '@conn-hub/inspector'
import { describeAddress, toTransport } from '@conn-hub/secret-stack'
import { type Arguments, readArguments, UsageError } from './arguments.js'
import { createDisplay } from './display.js'
import { type Sbot, startSbot } from './sbot.js'
import { Village } from './village.js'

const run = async ({ addresses, seconds, allowControl }: Arguments): Promise<void> => {
  // First of all: an interrupt may come at once.
  const end = theEnd(seconds)
  const ssb = await startSbot()
  let news = (text: string): void => console.error(text)
  const hub = createHub({
    transport: toTransport(ssb),
    onError: (error, { call }) => news(`error in ${call}: ${String(error)}`),
  })
  const inspector = await serveInspector(hub, { allowControl })
  const titles = [`conn-hub at ${ssb.getAddress()}`, `See it in a browser: ${inspector.url}`]
  const display = createDisplay(hub, titles, process.stdout)
  news = display.news
  // There sbots print that a peer broke off, which here is no error, and would tear the table.
  console.error = (...words) => news(words.map(String).join(' '))
  const village = new Village(news)
  // Events tell how a dial goes.
  const dial = (address: string): void => void hub.connect(address).catch(() => {})
  village.begin({ address: ssb.getAddress(), dial })
  addresses.forEach(dial)
  await end
  await Promise.all([village.end(), closeAll(hub, ssb)])
  display.end()
}

/** In ms: an interrupt must not take long. */
const PATIENCE = 1_000

const closeAll = async (hub: Hub<unknown>, ssb: Sbot): Promise<void> => {
  await hub.close()
  const closed = new Promise<void>((resolve) => ssb.close(true, resolve))
  // Somebody in the middle of a handshake, or silent, holds the server for the 10 seconds that a handshake has.
  await Promise.race([closed, sleep(PATIENCE)])
}

/** An interrupt, the time that was asked for, or nobody reads any more (`| head`). */
const theEnd = (seconds: number | undefined): Promise<void> =>
  new Promise((resolve) => {
    const timer = seconds === undefined ? undefined : setTimeout(end, seconds * 1000)
    function end(): void {
      clearTimeout(timer)
      resolve()
    }
    // A second interrupt must not end us in the middle of closing: the listeners stay.
    process.on('SIGINT', end)
    process.on('SIGTERM', end)
    process.stdout.on('error', end)
  })

try {
  const options = readArguments(process.argv.slice(2), describeAddress)
  if (options) await run(options)
  process.exit(0)
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  console.error(error.message)
  process.exit(2)
}
