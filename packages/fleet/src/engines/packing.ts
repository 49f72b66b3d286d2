import { parsed } from '../edges/guards.js'
import type { Batch } from '../model/engine.js'

/** As it stands in the stream. Without names: each follower reads each batch, and half of the bytes would be names. */
export const packBatch = ({ incarnation, number, record, first, set, remove }: Batch): string =>
  JSON.stringify([incarnation, number, record, first, set, remove])

export const packLeft = (incarnation: string): string => JSON.stringify([incarnation])

/** What it is no fleet has to say of: whoever takes it judges. */
export const unpack = (text: unknown): unknown => {
  const packed = typeof text === 'string' ? parsed(text) : undefined
  if (!Array.isArray(packed)) return undefined
  const [incarnation, number, record, first, set, remove] = packed
  if (packed.length === 1) return { incarnation, left: true }
  return { incarnation, number, record, first, set, remove }
}
