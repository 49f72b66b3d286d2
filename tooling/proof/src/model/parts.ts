import type { State } from '@conn-hub/core'
import type { CloseBehaviour } from '@conn-hub/testkit'
import type { Call, Callers } from './call.js'

export interface Link {
  readonly address: string
  readonly closes: CloseBehaviour
}

export interface Dial {
  readonly address: string
  readonly deadline: number
  readonly callers: Callers
  alive: boolean
  answer?: 'link' | 'failure'
}

export interface Disconnect {
  readonly deadline: number
  readonly askers: Callers
  /** Who wants to connect once it is over, in their order. */
  connects: { readonly call: Call; readonly connect: () => void }[]
}

export interface Entry {
  readonly address: string
  readonly data: Record<string, unknown>
  state: State
  links: Link[]
  dial?: Dial | undefined
  disconnect?: Disconnect | undefined
}
