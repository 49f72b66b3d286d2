import { printable } from '@conn-hub/core'
import { Command, InvalidArgumentError } from 'commander'

export interface Arguments {
  /** Dialed beside the peers of the demo. */
  readonly addresses: readonly string[]
  /** Ends by itself after so many; none: when it is interrupted. */
  readonly seconds: number | undefined
  /** Whether the page of the inspector may connect, disconnect and reset. */
  readonly allowControl: boolean
}

/** Ends the program where help was asked for, and with status 2 and one line where what was typed is wrong. */
export const readArguments = (
  argv: readonly string[],
  checkAddress: (address: string) => void,
): Arguments => {
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
    .configureOutput({ outputError: (text, write) => write(`${inOneLine(text)}\n`) })
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
    .parse(argv, { from: 'user' })
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

const inOneLine = (text: string): string => {
  const line = printable(text.replace(/^error: /, '').trimEnd()).replace(/\s+/g, ' ')
  return line.length > MAX_MESSAGE ? `${line.slice(0, MAX_MESSAGE)}…` : line
}

/** A day and a bit: what a timer can count. */
const MAX_SECONDS = 100_000

const toSeconds = (text: string): number => {
  const seconds = Number(text)
  if (seconds > 0 && seconds <= MAX_SECONDS) return seconds
  throw new InvalidArgumentError(`It must be a number from 1 to ${MAX_SECONDS}.`)
}
