#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { type Arguments, HELP, readArguments, UsageError } from './arguments.js'
import { readLine } from './input.js'
import { toKeys } from './keys.js'
import { AS_JSON, AS_TEXT, createLines } from './lines.js'
import { follow, Refused } from './link.js'
import { createLiveTable } from './live-table.js'
import { readRecordArguments, showRecord } from './record-file.js'
import { short } from './words.js'

const run = async ({ url, json }: Arguments): Promise<never> => {
  const { stdin, stdout, stderr } = process
  if (json || !stdout.isTTY) {
    return follow(url, createLines(json ? AS_JSON : AS_TEXT, stdout, stderr))
  }
  const table = createLiveTable(`conn-hub at ${url.host}`, stdout, stdin.isTTY)
  // Also where it is refused later: the terminal must be as it was.
  process.once('exit', table.end)
  if (stdin.isTTY) {
    stdin.setRawMode(true).setEncoding('utf8')
    stdin.on('data', (typed) => {
      if (toKeys(String(typed)).some(table.press)) end()
    })
  }
  return follow(url, table)
}

const end = () => process.exit(0)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end)
// Whoever reads what we print has had enough.
process.stdout.on('error', end)
// What is told beside may be read by nobody.
process.stderr.on('error', () => {})

/** In characters: an error may quote others. */
const MAX_MESSAGE = 300

/** Of the package in which this program is. */
const readVersion = (): string =>
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version

try {
  const argv = process.argv.slice(2)
  const record = readRecordArguments(argv)
  if (record) await showRecord(record)
  else {
    const environment = process.env.CONN_HUB_INSPECTOR_URL
    const asked = await readArguments(argv, { environment, readLine })
    if (typeof asked === 'object') await run(asked)
    process.stdout.write(asked === 'version' ? `${readVersion()}\n` : HELP)
  }
} catch (error) {
  if (error instanceof UsageError) fail(2, error)
  if (error instanceof Refused) fail(1, error)
  throw error
}

function fail(status: number, { message }: Error): never {
  console.error(short(message, MAX_MESSAGE))
  process.exit(status)
}
