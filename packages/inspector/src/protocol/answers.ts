import type { Address } from '@conn-hub/core'

/** What `GET summary` answers: enough for the title of a page that is not looked at. */
export interface Summary {
  readonly hub: string
  readonly at: number
  readonly seq: number
  readonly connected: number
  readonly down: number
  readonly closedAt?: number
  /** How many streams there may be, and are. */
  readonly places: number
  readonly taken: number
}

/** What `GET explain?address=` answers. */
export interface Explained {
  readonly lines: readonly string[]
  /** In ms since 1970: the next attempt, where it is known. */
  readonly nextAt?: number
}

/** What `GET fleet` and `GET fleet?find=` answer: rows of named values. */
export interface FleetAnswer {
  readonly rows: readonly Readonly<Record<string, string>>[]
  readonly error?: string
}

/** What `POST control` takes. */
export type ControlRequest =
  | { readonly do: 'connect' | 'disconnect'; readonly address: Address }
  | { readonly do: 'reset' }

/** What `POST seek` takes, where a record is shown: how many of its lines shall have been told. */
export interface SeekRequest {
  readonly place: number
}

/** What `POST control` and `POST seek` answer, once it is done; a dial may take its time. */
export type ControlAnswer =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: string; readonly message: string }
