import { deepStrictEqual, ok } from 'node:assert/strict'
import type { Hub } from '@conn-hub/core'
import type { FaultSession, Story, StoryCall } from '@conn-hub/testkit'
import type { Told } from './parts.js'

// What holds however a story went. The watch of the conformance kit sees the rest.

/** Holds at any moment. */
export const holdsAlways = ({ hub, late, network }: Story): void => {
  const held = heldBy(hub)
  for (const session of network.sessions) {
    const isUnseen = session.isOpen && !held.has(session)
    ok(!isUnseen || session.closeCalls > 0, 'promise 6: a session is open unseen')
    ok(!session.destroyedInVain, 'a session was destroyed twice, or after its end')
  }
  for (const session of late) {
    ok(!held.has(session), 'promise 5: a late session is in the entries')
  }
  for (const { key, sessions } of hub.entries()) {
    for (const session of sessions) {
      ok(session.key === undefined || session.key === key, 'promise 11: a key is contradicted')
    }
  }
}

/** Holds when everything has come to rest. `seen` is what the hub has told. */
export const holdsAtRest = (story: Story, seen: readonly Told[]): void => {
  const open = new Set<number>()
  for (const { type, session } of seen) {
    if (type === 'session') open.add(session as number)
    if (type === 'session-closed') open.delete(session as number)
  }
  const held = [...heldBy(story.hub)].map((one) => story.transport.sessions.indexOf(one))
  deepStrictEqual([...open].sort(), held.sort(), 'promise 3: what was told of sessions')
  lastCallCounts(story.calls)
}

const lastCallCounts = (calls: readonly StoryCall[]): void => {
  for (const [at, made] of calls.entries()) {
    const { call, address, outcome } = made
    if (call !== 'connect') continue
    const later = calls.slice(at + 1)
    const isCancelled = (outcome as { code?: string } | undefined)?.code === 'DIAL_CANCELLED'
    ok(
      !isCancelled || isInReset(made) || later.some((other) => mayEnd(other, address)),
      'the last call counts: a connect() was cancelled, and nobody disconnected after it',
    )
    ok(
      outcome !== 'pending' || !later.some((other) => ends(other, address)),
      'the last call counts: a connect() waits on after a disconnect()',
    )
  }
}

/** A reset() goes from entry to entry, and ends what was begun meanwhile where it has not been yet. */
const isInReset = ({ within }: StoryCall): boolean =>
  within !== undefined && (within.call === 'reset' || isInReset(within))

const ends = ({ call, address, from }: StoryCall, of: string | undefined): boolean =>
  // A call inside describe() comes before the connect() that reads the address.
  from !== 'describe()' &&
  (call === 'reset' || call === 'close' || (call === 'disconnect' && address === of))

const mayEnd = (call: StoryCall, of: string | undefined): boolean =>
  ends(call, of) || (call.call === 'disconnect session' && call.address === of)

const heldBy = (hub: Hub<FaultSession>): Set<FaultSession> =>
  new Set([...hub.entries()].flatMap(({ sessions }) => sessions.map(({ handle }) => handle)))
