import { parseArgs } from 'node:util'
import { short } from './words.js'

export interface Arguments {
  /** The address of an inspector, with a slash at its end. */
  readonly url: URL
  /** Each event as a line of JSON, instead of a table. */
  readonly json: boolean
}

/** What was typed is wrong; `message` is one line for people. */
export class UsageError extends Error {}

export const HELP = `Usage: conn-hub-inspector <url> [--json]
       conn-hub-inspector <file.jsonl> [--at <time>] [--port <port>]

Shows a running hub on this terminal, live, until Ctrl-C. <url> is what serveInspector() gives:
http://127.0.0.1:PORT/TOKEN/

A file is a record of @conn-hub/inspector/record: its page is served, at its end or at --at
(2026-11-26T08:00:00Z, or +90s, +15m, +2h since it began), and keys move it through time.

  --json  print each event as a line of JSON, also those of the past that are still known
  --help  print this

Status: 0 ended by Ctrl-C or by who reads its output; 1 nobody answers at <url>, or refuses; 2 wrong use.
`

/** None: help was asked for. */
export const readArguments = (argv: readonly string[]): Arguments | undefined => {
  const { values, positionals } = parse(argv)
  if (values.help) return undefined
  const [url, ...others] = positionals
  if (url === undefined || others.length > 0) {
    throw new UsageError('One address is needed: conn-hub-inspector <url> [--json]')
  }
  return { url: toUrl(url), json: values.json ?? false }
}

const parse = (argv: readonly string[]) => {
  try {
    return parseArgs({
      args: [...argv],
      options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    })
  } catch (error) {
    throw new UsageError(short((error as Error).message, MAX_MESSAGE))
  }
}

const toUrl = (text: string): URL => {
  try {
    const [, address] = /^(http:\/\/[^/?#]+\/[\w-]{32,})\/?$/.exec(text) ?? []
    return new URL(`${address}/`)
  } catch {
    const typed = short(text, MAX_MESSAGE)
    throw new UsageError(`This is no address of an inspector (http://HOST:PORT/TOKEN/): ${typed}`)
  }
}

/** What was typed may be long, and is part of the message. */
const MAX_MESSAGE = 200
