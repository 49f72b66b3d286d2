import { HubError } from '@conn-hub/core'

export function expect(holds: boolean, what: string, option: string): asserts holds {
  if (!holds) throw new HubError('INVALID_OPTION', `The option "${option}" must be ${what}.`)
}

export const isFunction = (value: unknown): boolean => typeof value === 'function'

export const isMs = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && Number.isFinite(value)

export const isSeed = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 31

export const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 1
