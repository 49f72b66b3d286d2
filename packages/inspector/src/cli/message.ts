import type { Messages } from '../protocol.js'

/** One message of the stream. */
export type Message = {
  [N in keyof Messages]: { readonly name: N; readonly data: Messages[N]; readonly id?: string }
}[keyof Messages]
