import { printable } from '@conn-hub/core'
import { Command, CommanderError, InvalidArgumentError } from 'commander'

export interface Arguments {
  /** Dialed beside the peers of the demo. */
  readonly addresses: readonly string[]
  /** Ends by itself after so many; none: when it is interrupted. */
  readonly seconds: number | undefined
  /** Whether the page of the inspector may connect, disconnect and reset. */
  readonly allowControl: boolean
}

/** What the caller typed is wrong; `message` is one line for them. */
export class UsageError extends Error {}

/** None: all that was asked for was help, and it has been given. */
export const readArguments = (
  argv: readonly string[],
  checkAddress: (address: string) => void,
): Arguments | undefined => {
  const command = new Command('pnpm start')
    .description(
      'Starts a real sbot with the hub, and real peers that come, go, crash and dial back.',
    )
    .argument(
      '[addresses...]',
      'peers to dial too, as net:HOST:PORT~shs:KEY',
      collect(checkAddress),
    )
    .option('--seconds <number>', 'end after so many seconds', toSeconds)
    .option('--allow-control', 'let the page of the inspector connect, disconnect and reset')
    .showSuggestionAfterError(false)
    .configureOutput({ outputError: () => {} })
    .exitOverride()
  try {
    command.parse(argv, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return undefined
    const message = printable(error.message.replace(/^error: /, '')).replace(/\s+/g, ' ')
    const isLong = message.length > MAX_MESSAGE
    throw new UsageError(isLong ? `${message.slice(0, MAX_MESSAGE)}…` : message)
  }
  const { seconds, allowControl = false } = command.opts<{
    seconds?: number
    allowControl?: boolean
  }>()
  return { addresses: command.processedArgs[0] ?? [], seconds, allowControl }
}

const collect =
  (checkAddress: (address: string) => void) =>
  (address: string, before: string[] = []): string[] => {
    try {
      checkAddress(address)
    } catch (error) {
      throw new InvalidArgumentError((error as Error).message)
    }
    return [...before, address]
  }

/** What was typed may be long, and is part of the message. */
const MAX_MESSAGE = 300

/** A day and a bit: what a timer can count. */
const MAX_SECONDS = 100_000

const toSeconds = (text: string): number => {
  const seconds = Number(text)
  if (seconds > 0 && seconds <= MAX_SECONDS) return seconds
  throw new InvalidArgumentError(`It must be a number from 1 to ${MAX_SECONDS}.`)
}
