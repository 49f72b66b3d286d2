import { isHubError } from '@conn-hub/core'

/** The calls of a hub: how many are under way, and how the others ended. */
export class Calls {
  pending = 0
  readonly ended: Record<string, number> = {}

  /** Gives how it ended: in the words of the call, or the code of its error. */
  async follow(call: Promise<string>): Promise<string> {
    this.pending++
    const outcome = await call.catch(codeOf)
    this.pending--
    this.ended[outcome] = (this.ended[outcome] ?? 0) + 1
    return outcome
  }
}

const codeOf = (error: unknown): string =>
  isHubError(error) ? error.code : `no HubError: ${String(error)}`
