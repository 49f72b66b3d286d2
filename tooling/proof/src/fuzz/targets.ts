import type fc from 'fast-check'
import { CORE } from './core-targets.js'
import { FACADES } from './facade-targets.js'
import type { Make } from './make.js'
import { PORT } from './port-targets.js'
import { SBOTS } from './sbot-targets.js'
import type { Stage } from './stage.js'

/** A door that strangers knock at. */
export interface Target {
  readonly name: string
  /** How much more often than others it is tried. */
  readonly weight?: number
  readonly given: fc.Arbitrary<readonly Make[]>
  /** Its answer is a promise: it must not throw. */
  readonly async?: boolean
  /** It hands sessions to the hub that may never close. */
  readonly leavesSessions?: boolean
  /** What a refusal must say to the letter, by its code. */
  readonly words?: Readonly<Record<string, string>>
  /** An error as it may come from here, besides a `HubError`. */
  readonly mayThrow?: (error: unknown) => boolean
  call(stage: Stage, given: readonly unknown[]): unknown
}

export const TARGETS: readonly Target[] = [...CORE, ...PORT, ...FACADES, ...SBOTS]
