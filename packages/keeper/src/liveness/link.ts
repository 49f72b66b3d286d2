import type { Address, Session } from '@conn-hub/core'
import type { LinkState, WatchedLink } from '../model/liveness.js'
import type { Scheduled } from '../time/heap.js'
import { heardAtOf } from './signs.js'

/** A question that is on its way. */
export interface Question {
  readonly controller: AbortController
  /** When the answer must have come, in ms since 1970. */
  readonly until: number
}

/** One link under the watch. */
export class Link<S> implements WatchedLink<S>, Scheduled {
  readonly address: Address
  readonly session: Session<S>
  state: LinkState = 'alive'
  misses = 0
  /** Since when nothing has come that counts, in ms since 1970. */
  quietSince = 0
  /** What the transport said then: what is said later, and is another time, is a sign of life. */
  heardAt: number | undefined = undefined
  question: Question | undefined = undefined
  /** The next question must be answered by then: others are asked at the same time, and all within one deadline. */
  deadline: number | undefined = undefined
  nextAt: number | undefined = undefined
  place = 0

  constructor(address: Address, session: Session<S>) {
    this.address = address
    this.session = session
  }

  /** What has come until now counts no more. */
  beQuiet(since: number): void {
    this.quietSince = since
    this.heardAt = heardAtOf(this.session)
  }

  /** When something came since then, in ms since 1970. By another clock it came now. */
  heardSince(now: number): number | undefined {
    const heardAt = heardAtOf(this.session)
    if (heardAt === undefined || heardAt === this.heardAt) return undefined
    return heardAt > this.quietSince && heardAt < now ? heardAt : now
  }

  /** What comes to an earlier question counts no more, but as a sign of life. */
  stopAsking(): void {
    const { question } = this
    this.question = undefined
    question?.controller.abort()
  }
}
