import type { State } from '@conn-hub/core'
import type { CloseBehaviour } from '@conn-hub/testkit'
import type { Queue, Ticket } from './ticket.js'

export interface Link {
  readonly address: string
  readonly closes: CloseBehaviour
}

export interface Dial {
  readonly address: string
  readonly deadline: number
  readonly callers: Queue
  alive: boolean
  answer?: 'link' | 'failure'
}

export interface Closing {
  readonly deadline: number
  readonly askers: Queue
  /** Who wants to connect once it is over, in their order. */
  dialers: { readonly ticket: Ticket; readonly connect: () => void }[]
}

export interface Entry {
  readonly address: string
  readonly data: Record<string, unknown>
  state: State
  links: Link[]
  dial?: Dial | undefined
  closing?: Closing | undefined
}
