import type { DialAttempt, Session, Transport } from '@conn-hub/core'
import { dialer } from '@conn-hub/core'
import { FaultSession } from '@conn-hub/testkit'
import { describe, expect, it } from 'vitest'

// `tsc -p test` holds what is said here: a line that is expected to be refused, and is not, is an error.

describe('the type of dial()', () => {
  it('refuses one that returns a promise of a session', () => {
    const transport: Transport<FaultSession> = {
      describe: () => ({}),
      // @ts-expect-error: a promise is what `dialer()` takes.
      dial: async () => new FaultSession('outbound'),
    }
    expect(transport.dial).toBeInstanceOf(Function)
  })

  it('takes one that returns nothing, and what dialer() makes', () => {
    const nothing: Transport<FaultSession>['dial'] = (
      _: string,
      attempt: DialAttempt<FaultSession>,
    ) => attempt.succeed(new FaultSession('outbound'))
    const made: Transport<FaultSession>['dial'] = dialer(
      async (): Promise<Session<FaultSession>> => new FaultSession('outbound'),
    )
    expect([nothing, made].map((dial) => typeof dial)).toEqual(['function', 'function'])
  })

  it('refuses a function for dialer() that gives a session, and no promise', () => {
    // @ts-expect-error: it takes a function that gives a promise.
    const made = dialer((): Session<FaultSession> => new FaultSession('outbound'))
    expect(made).toBeInstanceOf(Function)
  })
})
