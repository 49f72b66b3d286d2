import { HubError } from '@conn-hub/core'

/** Throws where a rule does not hold. `rule` says how it should be. */
export function assert(holds: boolean, rule: string): asserts holds {
  if (!holds) throw new HubError('NOT_CONFORMANT', `The transport breaks a rule: ${rule}.`)
}

/** A case that has nothing to judge; `message` says what the transport lacks. */
export class NotJudged extends Error {}

/** Ends a case without a verdict where the transport lacks what it is about. */
export function needs(has: boolean, lacks: string): asserts has {
  if (!has) throw new NotJudged(lacks)
}

/** Between two looks, in ms. */
const PAUSE = 2

/** What one look counts for at most, in ms: a loop that was blocked, or a clock that jumped, has not waited. */
const LONGEST_LOOK = 100

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms))

/** Waits until a rule holds; throws where it does not in time. A rule that is a function says what was seen last. */
export const until = async (
  holds: () => boolean,
  rule: string | (() => string),
  patience: number,
): Promise<void> => {
  let waited = 0
  let last = Date.now()
  while (!holds()) {
    if (waited > patience) {
      const said = typeof rule === 'function' ? rule() : rule
      assert(false, `${said} (waited ${patience} ms)`)
    }
    await pause(PAUSE)
    const now = Date.now()
    waited += Math.min(Math.max(now - last, 0), LONGEST_LOOK)
    last = now
  }
}
