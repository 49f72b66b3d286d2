import type { Hub, Metadata } from '@conn-hub/core'
import { checkHub, expect } from './errors.js'
import type { Line } from './lines.js'
import { tellLines } from './tell.js'
import { checkWords, createWords, type WordsOptions } from './words.js'

/** What is used of a logger like pino. */
export interface Logger {
  debug(line: object, message: string): void
  info(line: object, message: string): void
  warn(line: object, message: string): void
  error(line: object, message: string): void
}

const LEVELS: { readonly [T in Line['type']]: keyof Logger } = {
  connecting: 'info',
  connected: 'info',
  disconnecting: 'info',
  disconnected: 'info',
  close: 'info',
  'connecting-failed': 'warn',
  'disconnecting-failed': 'warn',
  refused: 'warn',
  error: 'error',
  session: 'debug',
  'session-closed': 'debug',
  change: 'debug',
  begin: 'debug',
  entry: 'debug',
  ready: 'debug',
}

/**
 * Logs what a hub does, until it closes or what this returns is called: an object in the shape of a line of a record, and its type as the
 * message. Throws `INVALID_OPTION`, or `HUB_CLOSED`.
 *
 * @example
 * const stop = logTo(hub, pino())
 */
export const logTo = <S, D extends Metadata>(
  hub: Hub<S, D>,
  logger: Logger,
  options: WordsOptions = {},
): (() => void) => {
  checkHub(hub)
  for (const level of new Set(Object.values(LEVELS))) {
    expect(typeof logger?.[level] === 'function', 'logger', `an object with ${level}()`)
  }
  checkWords(options, [])
  const words = createWords(options)
  // What is written is told from outside: no handle and no type of metadata is needed.
  return tellLines(hub as unknown as Hub<unknown>, words, (line) =>
    logger[LEVELS[line.type]](line, line.type),
  )
}
