import { HubError } from '@conn-hub/core'

export function expect(holds: boolean, what: string, option: string): asserts holds {
  if (!holds) throw new HubError('INVALID_OPTION', `The option "${option}" must be ${what}.`)
}

export const isFunction = (value: unknown): boolean => typeof value === 'function'

export const isMs = (value: unknown): boolean => typeof value === 'number' && value > 0
