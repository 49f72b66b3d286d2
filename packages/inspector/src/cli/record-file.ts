import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { Player } from '../recording/player.js'
import { serveRecording } from '../serve.js'
import { UsageError } from './arguments.js'
import { short } from './words.js'

/** What was typed to see a record. */
interface RecordArguments {
  readonly file: string
  readonly at: string | undefined
  readonly port: number
}

const USAGE = 'conn-hub-inspector <file.jsonl> [--at <time>] [--port <port>]'

/** None: it is no file that was typed, but an address, or a wish for help. */
export const readRecordArguments = (argv: readonly string[]): RecordArguments | undefined => {
  const isFile = (text: string) =>
    !text.includes('://') && (/\.jsonl(\.\d+)?$/.test(text) || existsSync(text))
  if (argv[0] === undefined || argv[0].startsWith('-') || !isFile(argv[0])) return undefined
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: { at: { type: 'string' }, port: { type: 'string' } },
      allowPositionals: true,
    })
    const [file = '', ...others] = positionals
    const port = Number(values.port ?? 0)
    if (others.length === 0 && port >= 0 && port <= 65_535) return { file, at: values.at, port }
  } catch (error) {
    throw new UsageError(`${short((error as Error).message, 200)} Usage: ${USAGE}`)
  }
  throw new UsageError(`Usage: ${USAGE}`)
}

/** Serves the page of a record until Ctrl-C. A slider moves it through time, and on a terminal keys do. */
export const showRecord = async ({ file, at, port }: RecordArguments): Promise<void> => {
  const text = await read(file).catch((error) => {
    throw new UsageError(`This file cannot be read: ${short(error.message, 200)}`)
  })
  const player = open(text)
  const { length, from } = player.moment
  if (length === 0) throw new UsageError(`This is no record: ${short(file, 200)}`)
  await player.goTo(at === undefined ? length : player.placeAt(toMoment(at, from)))
  const { url } = await serveRecording(player, { port, name: basename(file), keepAlive: true })
  console.log(`Open ${url}`)
  const { stdin, stdout } = process
  if (!stdin.isTTY || !stdout.isTTY) {
    console.log(sliderOf(player, 80))
    return
  }
  console.log(KEYS)
  const draw = () => stdout.write(`\r\u001b[K${sliderOf(player, stdout.columns || 80)}`)
  draw()
  // Also where the page has moved it.
  player.onMoved(draw)
  stdin.setRawMode(true).setEncoding('utf8')
  process.once('exit', () => {
    stdin.setRawMode(false)
    stdout.write('\n')
  })
  stdin.on('data', (keys: string) => {
    for (const [key] of keys.matchAll(KEY)) {
      if (key === 'q' || key === '\u0003') process.exit(0)
      player.goTo(placeFor(key, player.wanted, length))
    }
  })
}

/** In bytes: a text of Node is hardly longer. */
const MAX_FILE = 500_000_000

const read = async (file: string): Promise<string> => {
  const { size } = await stat(file)
  if (size <= MAX_FILE) return readFile(file, 'utf8')
  const [given, most] = [size, MAX_FILE].map((bytes) => Math.round(bytes / 1e6))
  throw new Error(`it has ${given} MB, and ${most} MB is the most. Take one of its parts.`)
}

/** A record of a newer shape cannot be read. */
const open = (text: string): Player => {
  try {
    return new Player(text)
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

const KEYS = '← → one line, PageUp PageDown a fiftieth, Home End, q ends'

/** One key of what a terminal sends. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is how keys begin
const KEY = /\u001b\[\d*[A-Z~]|./gsu

const placeFor = (key: string, place: number, length: number): number => {
  const leap = Math.max(1, Math.round(length / 50))
  const moves: Record<string, number> = {
    '\u001b[C': place + 1,
    '\u001b[D': place - 1,
    '\u001b[6~': place + leap,
    '\u001b[5~': place - leap,
    '\u001b[H': 0,
    '\u001b[F': length,
  }
  return Math.min(length, Math.max(0, moves[key] ?? place))
}

/** A moment: as `2026-11-26T08:00:00Z`, or since the record began, as `+90s`, `+15m` or `+2h`. */
const toMoment = (text: string, from: number): number => {
  const [, count, unit = 's'] = /^\+(\d+(?:\.\d+)?)([smh])$/.exec(text) ?? []
  const ms = { s: 1_000, m: 60_000, h: 3_600_000 }[unit] ?? 0
  const at = count === undefined ? Date.parse(text) : from + Number(count) * ms
  if (Number.isNaN(at)) {
    throw new UsageError(
      'A time is like 2026-11-26T08:00:00Z, or +90s, +15m or +2h since the record began.',
    )
  }
  return at
}

export const sliderOf = ({ moment, hub: { size } }: Player, columns: number): string => {
  const { place, length, at } = moment
  const words = ` ${new Date(at).toISOString()}  ${place} of ${length}  entries: ${size}`
  const width = Math.max(5, columns - words.length - 3)
  const done = Math.round((place / length) * (width - 1))
  return `[${'='.repeat(done)}|${'-'.repeat(width - 1 - done)}]${words}`
}
