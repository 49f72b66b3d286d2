import { type Connection, HubError, type Session, type State } from '@conn-hub/core'
import { type Input, transition } from '../../../packages/core/src/state/transition.js'

/** No entry: disconnected. */
export type StateName = State | 'none'

/** One step that leads from one state to another. */
export interface StepFound {
  readonly from: StateName
  readonly to: StateName
  /** The input. */
  readonly input: string
  readonly event: string | undefined
}

const session = { handle: 0, direction: 'inbound' } as Session<number>
const other = { handle: 1, direction: 'outbound' } as Session<number>
const opening = (opened: Session<number>) => {
  const { handle, direction } = opened
  return { session: opened, handle, direction, key: undefined, kind: undefined }
}
const error = new HubError('DIAL_FAILED', '')
const moment = { address: 'a', seq: 1, at: 0 }

const INPUTS: Readonly<Record<string, Input<number>>> = {
  'dial begins': { type: 'dial', name: {}, data: {} },
  'session opens': { type: 'open', opening: opening(other), name: {} },
  'attempt fails': { type: 'fail', error },
  'close asked': { type: 'close', reason: '' },
  'close fails': { type: 'close-failed', error },
  'last session closes': { type: 'closed', session },
  'metadata changes': { type: 'update', data: {} },
}

type Entry = Connection<number> | undefined

const after = (entry: Entry, input: Input<number>): Entry => transition(entry, input, moment).next

/** An entry in each state, made by the function itself. */
const createEntries = (): Readonly<Record<StateName, Entry>> => {
  const connected = after(undefined, { type: 'open', opening: opening(session), name: {} })
  return {
    none: undefined,
    connecting: after(undefined, { type: 'dial', name: {}, data: {} }),
    connected,
    disconnecting: after(connected, { type: 'close', reason: '' }),
  }
}

/** Asks the function of the hub for each state and each input, and keeps the steps that change the state. */
export const findSteps = (): StepFound[] =>
  Object.entries(createEntries()).flatMap(([from, entry]) =>
    Object.entries(INPUTS).flatMap(([name, input]) => {
      const { next, event } = transition(entry, input, moment)
      const to = next?.state ?? 'none'
      return to === from ? [] : [{ from: from as StateName, to, input: name, event: event?.type }]
    }),
  )
