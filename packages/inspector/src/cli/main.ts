#!/usr/bin/env node
import { type Arguments, HELP, readArguments, UsageError } from './arguments.js'
import { AS_JSON, AS_TEXT, createLines } from './lines.js'
import { follow, Refused } from './link.js'
import { createLiveTable } from './live-table.js'
import { readRecordArguments, showRecord } from './record-file.js'
import { short } from './words.js'

const run = async ({ url, json }: Arguments): Promise<never> => {
  const { stdout, stderr } = process
  if (json || !stdout.isTTY) {
    return follow(url, createLines(json ? AS_JSON : AS_TEXT, stdout, stderr))
  }
  const table = createLiveTable(`conn-hub at ${url.host}`, stdout)
  // Also where it is refused later: the terminal must be as it was.
  process.once('exit', table.end)
  return follow(url, table)
}

const end = () => process.exit(0)
process.on('SIGINT', end)
process.on('SIGTERM', end)
// Whoever reads what we print has had enough.
process.stdout.on('error', end)

/** In characters: an error may quote others. */
const MAX_MESSAGE = 300

try {
  const argv = process.argv.slice(2)
  const record = readRecordArguments(argv)
  const options = record ? undefined : readArguments(argv)
  if (options) await run(options)
  if (record) await showRecord(record)
  else process.stdout.write(HELP)
} catch (error) {
  if (error instanceof UsageError) fail(2, error)
  if (error instanceof Refused) fail(1, error)
  throw error
}

function fail(status: number, { message }: Error): never {
  console.error(short(message, MAX_MESSAGE))
  process.exit(status)
}
