import { token } from '../edges/options.js'

/** What a memory engine holds. */
export interface Memory {
  epoch: string
  /** The position of the newest change. */
  position: number
  readonly leases: Map<string, number>
  readonly hashes: Map<string, { until: number; fields: Map<string, string> }>
  stream: (readonly [position: number, batch: unknown])[]
}

export const createMemory = (position: number): Memory => ({
  epoch: token(),
  position,
  leases: new Map(),
  hashes: new Map(),
  stream: [],
})
