import { HubError } from '@conn-hub/core'

/** Throws where a rule does not hold. `rule` says how it should be. */
export function assert(holds: boolean, rule: string): asserts holds {
  if (!holds) throw new HubError('NOT_CONFORMANT', `The transport breaks a rule: ${rule}.`)
}

/** Between two looks, in ms. */
const PAUSE = 2

/** Waits until a rule holds; throws where it does not in time. */
export const until = async (
  holds: () => boolean,
  rule: string,
  patience: number,
): Promise<void> => {
  const deadline = Date.now() + patience
  while (!holds()) {
    assert(Date.now() <= deadline, `${rule} (waited ${patience} ms)`)
    await new Promise((resolve) => setTimeout(resolve, PAUSE))
  }
}
