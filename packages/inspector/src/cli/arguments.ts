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

Who can list the processes of this machine sees what was typed. So that the token is not among it:
  conn-hub-inspector -          reads the address from the first line of standard input
  CONN_HUB_INSPECTOR_URL=...    is the address where none is typed

  --json     print each event as a line of JSON, also those of the past that are still known
  --version  print the version
  --help     print this

Keys: up, down, page up, page down: scroll; /: filter by words; Esc: clear the filter; q: end.
Status: 0 ended by Ctrl-C or by who reads its output; 1 nobody answers at <url>, or refuses; 2 wrong use.
`

/** What is asked for beside a hub. */
export type Asked = 'help' | 'version'

/** Where the address may come from, if it is not typed. */
export interface Sources {
  readonly environment: string | undefined
  /** The first line of standard input. */
  readonly readLine: () => Promise<string>
}

export const readArguments = async (
  argv: readonly string[],
  { environment, readLine }: Sources,
): Promise<Arguments | Asked> => {
  const { values, positionals } = parse(argv)
  if (values.help) return 'help'
  if (values.version) return 'version'
  const [typed = environment, ...others] = positionals
  if (typed === undefined || others.length > 0) {
    throw new UsageError('One address is needed: conn-hub-inspector <url> [--json]')
  }
  const url = typed === '-' ? await readLine() : typed
  return { url: toUrl(url.trim()), json: values.json ?? false }
}

const parse = (argv: readonly string[]) => {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean', short: 'v' },
      },
      allowPositionals: true,
    })
  } catch (error) {
    throw new UsageError(short((error as Error).message, MAX_MESSAGE))
  }
}

const toUrl = (text: string): URL => {
  try {
    const [, address] = /^(https?:\/\/[^?#\s]+)$/.exec(text) ?? []
    const url = new URL(`${address}`)
    // Behind a proxy that knows the token, the address may have none.
    const isOurs = /\/[\w-]{32,}\/?$/.test(url.pathname) || url.protocol === 'https:'
    if (!isOurs) throw new Error('no token')
    if (!url.pathname.endsWith('/')) url.pathname += '/'
    return url
  } catch {
    const typed = short(text, MAX_MESSAGE)
    throw new UsageError(`This is no address of an inspector (http://HOST:PORT/TOKEN/): ${typed}`)
  }
}

/** What was typed may be long, and is part of the message. */
const MAX_MESSAGE = 200
