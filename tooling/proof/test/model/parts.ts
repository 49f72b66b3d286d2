import type { Direction, State } from '@conn-hub/core'
import type { CloseBehaviour, DestroyBehaviour, Step } from '@conn-hub/testkit'
import type { Call, Callers } from './call.js'

export type StepOf<D extends Step['do']> = Extract<Step, { do: D }>

/** Our own key. */
export const SELF = 'me'

export interface Link {
  /** Its place in the order in which all links opened. */
  readonly index: number
  readonly address: string
  readonly direction: Direction
  /** The key that it proves. */
  readonly key: string | undefined
  readonly closes: CloseBehaviour
  readonly destroys: DestroyBehaviour
  /** The reasons with which it was asked to close. */
  readonly asked: string[]
  isOpen: boolean
  /** What it came to when it was destroyed. */
  destroyed?: 'gone' | 'stays'
  /** It alone is asked to close. */
  single?: { readonly reason: string; readonly askers: Callers; stop: () => void } | undefined
  /** It was refused, and will be destroyed: what stops that. */
  spare?: (() => void) | undefined
}

/** A call of `connect()`. */
export interface Caller extends Call {
  readonly step: StepOf<'connect'>
}

export interface Hold {
  readonly dial: Dial
  readonly why: string
}

export interface Dial {
  readonly address: string
  /** In ms. */
  readonly timeout: number
  readonly callers: Callers<Caller>
  readonly holds: Set<Hold>
  /** How long it may be held in all, in ms. */
  holdLeft: number
  heldSince: number
  stopClock: () => void
  stopHold: () => void
  alive: boolean
  /** What the transport answered first. */
  answer?: Link | 'failure'
  /** The answer that came while it was alive. */
  taken?: Link
}

export interface Disconnect {
  readonly reason: string
  readonly askers: Callers
  readonly failed: Set<Link>
  error?: string
  stop: () => void
  /** Links that the end of the hub waits for. */
  left: number
}

export interface Entry {
  readonly address: string
  /** The key that it shows. */
  key: string | undefined
  readonly data: Record<string, unknown>
  state: State
  waits?: string | undefined
  readonly links: Link[]
  dial?: Dial | undefined
  disconnect?: Disconnect | undefined
}

/** An event, as far as it is foretold. */
export interface Told {
  readonly type: string
  readonly address?: string | undefined
  readonly key?: string | undefined
  readonly session?: number | undefined
  readonly direction?: Direction | undefined
  readonly reason?: string | undefined
  readonly initiator?: 'local' | 'remote' | undefined
  readonly error?: string | undefined
  readonly why?: string | undefined
}

/** Whether a link proves another key than the one that is known or named. */
export const contradicts = (known: string | undefined, proved: string | undefined): boolean =>
  known !== undefined && proved !== undefined && known !== proved

const SHOWN: Record<string, string> = {
  'a\u0007\u202eb': 'a\\u{7}\\u{202e}b',
  // 123 bytes of UTF-8 at most, whole characters alone.
  ['é'.repeat(200)]: 'é'.repeat(61),
}

/** The words of others, as the hub shows them. */
export const shown = (words: string): string => SHOWN[words] ?? words

/** 0 is the newest. */
export const pick = <T>(all: readonly T[], choice: number): T | undefined =>
  all.length === 0 ? undefined : all[all.length - 1 - (choice % all.length)]
