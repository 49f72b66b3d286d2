import { createHub, type Hub } from '@conn-hub/core'
import { describeAddress, toTransport } from '@conn-hub/secret-stack'
import { type Arguments, readArguments, UsageError } from './arguments.js'
import { createDisplay, type Display } from './display.js'
import { type Sbot, startSbot } from './sbot.js'
import { Village } from './village.js'

const run = async ({ addresses, seconds }: Arguments): Promise<void> => {
  const ssb = await startSbot()
  let display: Display | undefined
  const hub = createHub({
    transport: toTransport(ssb),
    onError: (error, { call }) => display?.news(`error in ${call}: ${String(error)}`),
  })
  display = createDisplay(hub, `conn-hub at ${ssb.getAddress()}`, process.stdout)
  const village = new Village(display.news)
  // Events tell how a dial goes.
  const dial = (address: string): void => void hub.connect(address).catch(() => {})
  village.begin({ address: ssb.getAddress(), dial })
  addresses.forEach(dial)
  await theEnd(seconds)
  await Promise.all([village.end(), closeAll(hub, ssb)])
  display.end()
}

const closeAll = async (hub: Hub<unknown>, ssb: Sbot): Promise<void> => {
  await hub.close()
  await new Promise<void>((resolve) => ssb.close(true, resolve))
}

/** An interrupt, or the time that was asked for. */
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
