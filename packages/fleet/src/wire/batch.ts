import { isCount, isObject, isStrings } from '../edges/guards.js'
import type { Batch } from '../model/engine.js'
import { isIncarnation } from './answers.js'

/** What a stream of changes can hold. */
export type Told = Batch | { readonly incarnation: string; readonly left: true }

/** Undefined: others have put it there. */
export const readBatch = (value: unknown): Told | undefined => {
  if (!isObject(value) || !isIncarnation(value.incarnation)) return undefined
  const { incarnation, left, number, record, first, set, remove } = value
  if (left === true) return { incarnation, left }
  const isOurs =
    isCount(number) &&
    typeof record === 'string' &&
    typeof first === 'boolean' &&
    isStrings(set) &&
    set.length % 2 === 0 &&
    isStrings(remove)
  return isOurs ? { incarnation, number, record, first, set, remove } : undefined
}
