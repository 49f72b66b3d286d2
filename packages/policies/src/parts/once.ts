import { HubError } from '@conn-hub/core'

/** What a policy counts belongs to one hub: a second transport would share it. */
export const createOnce = (name: string): (() => void) => {
  let used = false
  return () => {
    if (used) {
      throw new HubError(
        'POLICY_IN_USE',
        `This ${name}() is round a transport already. Make another one for another transport.`,
      )
    }
    used = true
  }
}
