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

/** What an option is where it is not given, and what it must be where it is. */
type Rule = readonly [byDefault: unknown, isGood: (value: unknown) => boolean, mustBe: string]
export type Rules = Readonly<Record<string, Rule>>

/** A function, or nothing. */
export const callback = (): Rule => [undefined, isFunction, 'a function']

/** A number of bytes, of ms or of hellos; a timer can take no more. */
export const count = (byDefault: number): Rule => [
  byDefault,
  (value) => Number.isInteger(value) && (value as number) > 0 && (value as number) < 2 ** 31,
  'a whole number from 1 to 2147483647',
]

const MIB = 1_048_576

const dialRules = (): Rules => ({
  WebSocket: [undefined, isFunction, 'a class'],
  identity: [undefined, isIdentity, 'an object with dial() or accept(), no promise'],
  protocols: [[], isStrings, 'an array of strings'],
  helloTimeout: count(10_000),
  closeTimeout: count(1_000),
  maxMessage: count(MIB),
  maxQueue: count(MIB),
  highWater: count(MIB),
  closeOnBreak: [false, (value) => typeof value === 'boolean', 'true or false'],
  probeTexts: [
    { ask: 'conn-hub ping', answer: 'conn-hub pong' },
    areProbeTexts,
    'two different texts, ask and answer',
  ],
})

/** Reads the options of a transport, with those of a server where there may be one. */
export const readSettings = <S extends Settings = Settings>(
  options: DialOptions,
  serverRules?: Rules,
): S => readOptions(options, { ...dialRules(), ...serverRules })

/** A name that is not known is a slip of the pen, or an option of the other entry. */
export const readOptions = <O>(options: object, rules: Rules): O => {
  if (!isObject(options)) throw invalid('The options must be an object.')
  const names = Object.keys(rules)
  const unknown = Object.keys(options).find((name) => !names.includes(name))
  if (unknown !== undefined)
    throw invalid(`There is no option "${unknown}". The options here are ${names.join(', ')}.`)
  const read: Record<string, unknown> = {}
  for (const name of names) {
    const [byDefault, isGood, mustBe] = rules[name] as Rule
    const { [name]: value = byDefault } = options
    if (value !== undefined && !isGood(value))
      throw invalid(`The option "${name}" must be ${mustBe}.`)
    read[name] = value
  }
  return read as O
}

export const invalid = (what: string): HubError => new HubError('INVALID_OPTION', what)

export const isStrings = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string' && each !== '')

const areProbeTexts = (value: unknown): boolean =>
  isObject(value) && isStrings([value.ask, value.answer]) && value.ask !== value.answer

const isIdentity = (value: unknown): boolean =>
  isObject(value) &&
  [value.dial, value.accept].some(isFunction) &&
  [value.dial, value.accept].every((part) => part === undefined || isFunction(part))

const isFunction = (value: unknown): boolean => typeof value === 'function'

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
