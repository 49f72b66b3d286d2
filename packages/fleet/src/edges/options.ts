import { FleetError } from '../model/errors.js'
import type { FleetOptions, Published } from '../model/options.js'
import { isFunction, isObject } from './guards.js'

const FLEET = ['engine', 'machine', 'lease', 'batch', 'poll', 'follow', 'publish']
const ENGINE = ['renew', 'publish', 'read', 'find', 'changes', 'release']
const MAX_NAME = 128

export const readFleetOptions = <S, P>(options: FleetOptions<S, P>) => {
  checkNames(options, FLEET)
  const { engine, machine, lease = 15_000, batch = 20, poll = 200, follow = true } = options
  const { publish = (): Published<P> => undefined } = options
  expect(engine === undefined || isEngine(engine), `an object with ${ENGINE.join(', ')}`, 'engine')
  expect(machine === undefined || isName(machine), 'a printable string of 1 to 128', 'machine')
  checkMs(lease, 500, 3_600_000, 'lease')
  checkMs(batch, 1, 1_000, 'batch')
  if (poll !== 'block') checkMs(poll, 10, 60_000, 'poll')
  expect(typeof follow === 'boolean', 'true or false', 'follow')
  expect(isFunction(publish), 'a function', 'publish')
  return { engine, machine: machine ?? `machine-${token()}`, lease, batch, poll, follow, publish }
}

export function checkHub(hub: unknown): void {
  const isHub = isObject(hub) && isFunction(hub.on) && isFunction(hub.byKey)
  expect(isHub, 'a hub of createHub()', 'hub')
}

/** Letters and digits by chance: as many as nobody draws twice. */
export const token = (): string => {
  const part = () => Math.floor(Math.random() * 36 ** 8).toString(36)
  return `${part()}${part()}`
}

export function expect(holds: boolean, what: string, option: string): asserts holds {
  if (!holds) throw new FleetError('INVALID_OPTION', `The option "${option}" must be ${what}.`)
}

export function checkNames(options: unknown, known: readonly string[]): void {
  expect(isObject(options), 'an object', 'options')
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue
    const what = `There is no option "${name.slice(0, 80)}" here. The options are ${known.join(', ')}.`
    throw new FleetError('INVALID_OPTION', what)
  }
}

export function checkSignal(signal: unknown): void {
  const isSignal =
    isObject(signal) && typeof signal.aborted === 'boolean' && isFunction(signal.addEventListener)
  expect(signal === undefined || isSignal, 'an AbortSignal', 'signal')
}

const checkMs = (value: unknown, from: number, to: number, option: string): void => {
  const holds = typeof value === 'number' && value >= from && value <= to
  expect(holds, `a number of ms from ${from} to ${to}`, option)
}

const isEngine = (value: unknown): boolean =>
  isObject(value) && ENGINE.every((name) => isFunction(value[name]))

const isName = (value: unknown): boolean =>
  typeof value === 'string' && value.length <= MAX_NAME && /^[^\p{C}]+$/u.test(value)
