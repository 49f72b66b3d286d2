import { setTimeout as sleep } from 'node:timers/promises'
import { createHub, type Hub } from '@conn-hub/core'
import { serveInspector } from '@conn-hub/inspector'
import { describeAddress, toTransport } from '@conn-hub/secret-stack'
import { type Arguments, readArguments } from './arguments.js'
import { Lives } from './lives.js'
import { type Sbot, startSbot } from './sbot.js'
import { startTerminal } from './terminal.js'

const run = async ({ addresses, seconds, allowControl }: Arguments): Promise<void> => {
  // First of all: an interrupt may come at once.
  const end = theEnd(seconds)
  const ssb = await startSbot()
  const errors: string[] = []
  const hub = createHub({
    transport: toTransport(ssb),
    onError: (error, { call }) => errors.push(`error in ${call}: ${String(error)}`),
  })
  const inspector = await serveInspector(hub, { allowControl })
  console.log(`conn-hub at ${ssb.getAddress()}\nSee it in a browser: ${inspector.url}`)
  const terminal = startTerminal(inspector.url, process.stdout)
  // There sbots print that a peer broke off, which here is no error, and would tear the table.
  const { error: printError } = console
  console.error = (...words) => terminal.news(words.map(String).join(' '))
  const lives = new Lives(terminal.news)
  nameEntries(hub, new Map(lives.peers.map(({ key, name }) => [key, name])))
  // Events tell how a dial goes.
  const dial = (address: string, name?: string) =>
    void hub.connect(address, { data: name ? { name } : {} }).catch(() => {})
  lives.begin({ address: ssb.getAddress(), dial })
  for (const address of addresses) dial(address)
  await end
  await terminal.end()
  await Promise.all([lives.end(), closeAll(hub, ssb)])
  for (const error of errors) printError(error)
}

/** The entries of peers that dial us get their names too. */
const nameEntries = (hub: Hub<unknown>, names: ReadonlyMap<string, string>): void => {
  hub.on('connected', ({ address, key = '' }) => {
    const name = names.get(key)
    if (name) hub.update(address, { name })
  })
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

await run(readArguments(process.argv.slice(2), describeAddress))
process.exit(0)
