import type { DialAttempt } from '@conn-hub/core'
import type { MemoryLink } from '@conn-hub/testkit'

/** The attempt of a peer that has no hub: its dial must succeed. */
export const caller: DialAttempt<MemoryLink> = {
  signal: new AbortController().signal,
  data: {},
  succeed: () => {},
  fail: (error) => {
    throw error
  },
  hold: () => () => {},
  ended: () => {},
}
