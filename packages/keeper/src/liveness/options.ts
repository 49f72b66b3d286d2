import { checkNames, expect, isMs, isText, MS } from '../edges/check.js'
import type { LivenessOptions, ProbeOptions } from '../model/liveness.js'
import { readChance } from '../time/chance.js'
import { readClock } from '../time/clock.js'
import { readOnline } from '../time/online.js'

export const LIVENESS_OPTIONS = [
  'silence',
  'timeout',
  'misses',
  'onSilent',
  'clock',
  'random',
  'online',
  'keepAlive',
]

export const readLivenessOptions = (options: LivenessOptions) => {
  checkNames(options, LIVENESS_OPTIONS)
  const { silence = 30_000, timeout = 10_000, misses = 2, onSilent = 'report' } = options
  const { keepAlive = false } = options
  expect(isMs(silence), MS, 'silence')
  expect(isMs(timeout), MS, 'timeout')
  expect(Number.isSafeInteger(misses) && misses >= 1, 'a whole number from 1 on', 'misses')
  expect(onSilent === 'report' || onSilent === 'disconnect', '"report" or "disconnect"', 'onSilent')
  expect(typeof keepAlive === 'boolean', 'true or false', 'keepAlive')
  const clock = readClock(options.clock)
  const random = readChance(options.random)
  const online = readOnline(options.online)
  return {
    silence,
    timeout,
    misses,
    onSilent,
    clock,
    random,
    online,
    keepAlive,
  }
}

export type Settings = ReturnType<typeof readLivenessOptions>

export const readProbeOptions = (options: ProbeOptions) => {
  checkNames(options, ['address', 'key', 'within'])
  const { address, key, within = 10_000 } = options
  expect((address === undefined) !== (key === undefined), 'given, or else "key"', 'address')
  expect(key === undefined || isText(key), 'a string that is not empty', 'key')
  expect(isMs(within), MS, 'within')
  return { address, key, within }
}
