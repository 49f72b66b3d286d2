import { HubError } from '@conn-hub/core'
import type { Identity } from './model/identity.js'
import type { DialOptions, ProbeTexts } from './model/options.js'
import type { WebSocketClass } from './model/socket.js'

/** The options of a transport, read and complete; all its links share them. */
export interface Settings {
  readonly WebSocket: WebSocketClass | undefined
  readonly identity: Identity | undefined
  readonly protocols: readonly string[]
  readonly helloTimeout: number
  readonly closeTimeout: number
  readonly maxMessage: number
  readonly maxQueue: number
  readonly highWater: number
  readonly closeOnBreak: boolean
  readonly probeTexts: ProbeTexts
}

export const DIAL_OPTIONS = [
  'WebSocket',
  'identity',
  'protocols',
  'helloTimeout',
  'closeTimeout',
  'maxMessage',
  'maxQueue',
  'highWater',
  'closeOnBreak',
  'probeTexts',
]

const MIB = 1_048_576

export const readSettings = (options: DialOptions): Settings => {
  const { WebSocket, identity, protocols = [], closeOnBreak = false } = options
  const { probeTexts = { ask: 'conn-hub ping', answer: 'conn-hub pong' } } = options
  expect(WebSocket === undefined || isFunction(WebSocket), 'a class', 'WebSocket')
  expect(isIdentity(identity), 'an object with dial() or accept()', 'identity')
  expect(isStrings(protocols), 'an array of strings', 'protocols')
  expect(typeof closeOnBreak === 'boolean', 'true or false', 'closeOnBreak')
  expect(areProbeTexts(probeTexts), 'two different texts, ask and answer', 'probeTexts')
  return {
    WebSocket,
    identity,
    protocols,
    helloTimeout: delay(options, 'helloTimeout', 10_000),
    closeTimeout: delay(options, 'closeTimeout', 1_000),
    maxMessage: above0(options, 'maxMessage', MIB),
    maxQueue: above0(options, 'maxQueue', MIB),
    highWater: above0(options, 'highWater', MIB),
    closeOnBreak,
    probeTexts,
  }
}

export function expect(holds: boolean, what: string, option: string): asserts holds {
  if (!holds) throw new HubError('INVALID_OPTION', `The option "${option}" must be ${what}.`)
}

/** A name that is not known is a slip of the pen, or an option of the other entry. */
export const checkNames = (options: unknown, known: readonly string[]): void => {
  expect(isObject(options), 'an object', 'options')
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue
    const what = `There is no option "${name}" here. The options are ${known.join(', ')}.`
    throw new HubError('INVALID_OPTION', what)
  }
}

const delay = <O extends object>(options: O, name: keyof O & string, byDefault: number): number => {
  const value: unknown = options[name] ?? byDefault
  const holds = typeof value === 'number' && value >= 1 && value <= 2 ** 31 - 1
  expect(holds, 'a number of ms from 1 to 2147483647', name)
  return value as number
}

export const above0 = <O extends object>(
  options: O,
  name: keyof O & string,
  byDefault: number,
): number => {
  const value: unknown = options[name] ?? byDefault
  expect(Number.isInteger(value) && (value as number) > 0, 'a whole number above 0', name)
  return value as number
}

export const isStrings = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string' && each !== '')

const areProbeTexts = ({ ask, answer }: ProbeTexts): boolean =>
  isStrings([ask, answer]) && ask !== answer

const isIdentity = (value: unknown): boolean => {
  if (value === undefined) return true
  if (!isObject(value)) return false
  const parts = [value.dial, value.accept]
  return parts.some(isFunction) && parts.every((part) => part === undefined || isFunction(part))
}

const isFunction = (value: unknown): boolean => typeof value === 'function'

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
