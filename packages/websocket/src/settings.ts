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

const MIB = 1_048_576

const defaults = (): Settings => ({
  WebSocket: undefined,
  identity: undefined,
  protocols: [],
  helloTimeout: 10_000,
  closeTimeout: 1_000,
  maxMessage: MIB,
  maxQueue: MIB,
  highWater: MIB,
  closeOnBreak: false,
  probeTexts: { ask: 'conn-hub ping', answer: 'conn-hub pong' },
})

/** Reads them; `others` are the names of those that somebody else reads. */
export const readSettings = (options: DialOptions, others: readonly string[] = []): Settings => {
  expect(isObject(options), 'an object', 'options')
  const settings: Settings = defaults()
  const names = Object.keys(settings)
  checkNames(options, [...names, ...others])
  for (const name of names as (keyof Settings)[]) {
    if (typeof settings[name] === 'number') count(options, name, settings[name])
    if (options[name] !== undefined) Object.assign(settings, { [name]: options[name] })
  }
  const { WebSocket, identity, protocols, closeOnBreak, probeTexts } = settings
  expect(WebSocket === undefined || isFunction(WebSocket), 'a class', 'WebSocket')
  expect(isIdentity(identity), 'an object with dial() or accept(), no promise', 'identity')
  expect(isStrings(protocols), 'an array of strings', 'protocols')
  expect(typeof closeOnBreak === 'boolean', 'true or false', 'closeOnBreak')
  expect(areProbeTexts(probeTexts), 'two different texts, ask and answer', 'probeTexts')
  return settings
}

export function expect(holds: boolean, what: string, option: string): asserts holds {
  if (!holds) throw new HubError('INVALID_OPTION', `The option "${option}" must be ${what}.`)
}

/** A name that is not known is a slip of the pen, or an option of the other entry. */
export const checkNames = (options: object, known: readonly string[]): void => {
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue
    const what = `There is no option "${name}". The options here are ${known.join(', ')}.`
    throw new HubError('INVALID_OPTION', what)
  }
}

/** A number of bytes, of ms or of hellos; a timer can take no more. */
export const count = (options: object, name: string, byDefault: number): number => {
  const { [name]: value = byDefault } = options as Record<string, unknown>
  const holds = Number.isInteger(value) && (value as number) > 0 && (value as number) < 2 ** 31
  expect(holds, 'a whole number from 1 to 2147483647', name)
  return value as number
}

export const isStrings = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string' && each !== '')

const areProbeTexts = (value: unknown): boolean =>
  isObject(value) && isStrings([value.ask, value.answer]) && value.ask !== value.answer

const isIdentity = (value: unknown): boolean => {
  if (value === undefined) return true
  if (!isObject(value)) return false
  const parts = [value.dial, value.accept]
  return parts.some(isFunction) && parts.every((part) => part === undefined || isFunction(part))
}

const isFunction = (value: unknown): boolean => typeof value === 'function'

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
