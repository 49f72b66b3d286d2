import type { CloseBehaviour, DestroyBehaviour } from './fault.js'

/** What `dial()` does: it answers later, opens a session, fails, throws, or holds its attempt. */
export type Answer = 'later' | 'at once' | 'fails' | 'throws' | 'held'

/** Which key a session proves: the one of its address, another one, none, or our own. */
export type Proves = 'named' | 'other' | 'none' | 'ours'

/** Where the hub calls code of others: the handlers of an event, an abort, and the methods of a transport. */
export type Place =
  | ('*' | 'session' | 'session-closed' | 'refused' | 'change')
  | ('describe()' | 'close()' | 'destroy()' | 'onClosed()' | 'ended()' | 'abort')

/** How a session is, and how it ends. */
interface Opens {
  closes: CloseBehaviour
  destroys?: DestroyBehaviour
  proves?: Proves
}

interface Connects {
  address: string
  key?: string
  signal?: number
  timeout?: number
  data?: { n: number }
}

interface Disconnects {
  signal?: number
  reason?: string
}

/** One thing that happens. Numbers choose among what there is; 0 is the newest. */
export type Step =
  | ({ do: 'connect' } & Connects)
  | ({ do: 'disconnect'; address: string } & Disconnects)
  /** Asks one session to close, at the address at which it came. */
  | ({ do: 'disconnect session'; session: number } & Disconnects)
  | { do: 'update'; address: string; n: number }
  | { do: 'reset'; reason?: string }
  | { do: 'close' }
  | ({ do: 'inbound'; address: string } & Opens)
  | { do: 'remote close'; session: number; error?: string; reason?: string }
  | ({ do: 'answer'; dial: number; again: boolean } & Opens)
  | { do: 'fail'; dial: number }
  | { do: 'hold'; dial: number; why: string }
  | { do: 'release'; hold: number }
  | { do: 'answer dials'; how: Answer }
  | { do: 'abort'; signal: number }
  | { do: 'wait'; ms: number }
  /** Happens as soon as the hub calls code of others at this place; `*` where none is named. */
  | { do: 'react'; at?: Place; step: Step }
