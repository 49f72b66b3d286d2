import type { Calls } from '../edges/calls.js'
import type { Listeners } from '../edges/listeners.js'
import { startTimer } from '../edges/timer.js'
import type { Trouble } from '../edges/trouble.js'
import type { Lease } from '../lease.js'
import type { Renewal } from '../model/engine.js'
import { FleetError } from '../model/errors.js'
import { readChanges } from '../wire/answers.js'
import { Intake } from './intake.js'
import { Judge } from './judge.js'
import { Leases } from './leases.js'
import type { View } from './view.js'
import { WholeReader } from './whole-reader.js'

/** How long one `'block'` lasts, and the pause after it, in ms: an engine that does not wait must not hold up the process. */
const BLOCK = 1_000
const BREATH = 1

export interface FollowerParts {
  readonly incarnation: string
  readonly poll: number | 'block'
  readonly calls: Calls
  readonly lease: Lease
  readonly listeners: Listeners
  readonly trouble: Trouble
  readonly view: View
  readonly signal: AbortSignal
  /** The view has all, for the first time. */
  onLoaded(): void
}

/** Keeps the view of the other machines: reads what they publish, and each as a whole where something was missed. */
export class Follower {
  readonly #parts: FollowerParts
  #after: string | undefined
  #epoch: string | undefined
  readonly #judge: Judge
  readonly #leases: Leases
  readonly #reader: WholeReader
  readonly #intake: Intake
  /** Something may have been dropped: to wait for a change would be to know it late. */
  #isUnsure = false
  /** Resolves with the next renewal; while it is there, something has failed. */
  #resume: (() => void) | undefined

  constructor(parts: FollowerParts) {
    this.#parts = parts
    this.#judge = new Judge(parts.listeners)
    this.#leases = new Leases(parts)
    const all = { ...parts, judge: this.#judge, leases: this.#leases }
    this.#reader = new WholeReader(all)
    this.#intake = new Intake({ ...all, reader: this.#reader })
  }

  async run(): Promise<void> {
    const { lease, trouble, signal } = this.#parts
    await lease.fresh()
    while (!signal.aborted) {
      try {
        if (this.#after === undefined) await this.#load()
        else await this.#poll(this.#after)
        await this.#reader.readAll()
        trouble.works('follower')
        await this.#pause()
      } catch (error) {
        if (signal.aborted) return
        this.#isUnsure = true
        const resumed = new Promise<void>((resolve) => {
          this.#resume = resolve
        })
        lease.check(trouble.failed('follower', error))
        if (!signal.aborted) await resumed
      }
    }
  }

  onRenewed(renewal: Renewal): void {
    const { epoch } = renewal
    if (this.#epoch !== undefined && this.#epoch !== epoch) this.#after = undefined
    this.#epoch = epoch
    this.#isUnsure = true
    for (const id of this.#leases.renewed(renewal)) this.#reader.want(id)
    this.#judge.keep(this.#leases)
    this.#go()
  }

  /** Whoever waits for a renewal goes on. */
  #go(): void {
    this.#resume?.()
    this.#resume = undefined
  }

  end(): void {
    this.#go()
  }

  /** The end of the changes first, then who is there, then what they have: whatever comes in between comes again as a change. */
  async #load(): Promise<void> {
    const { calls, lease, signal, view, onLoaded, listeners } = this.#parts
    const request = { wait: 0, signal }
    const { after } = readChanges(await calls.call((engine) => engine.changes(request)))
    await lease.fresh()
    for (const id of view.machines.keys()) this.#reader.want(id)
    await this.#reader.readAll()
    this.#after = after
    listeners.forget('STREAM_TRIMMED')
    onLoaded()
  }

  async #poll(after: string): Promise<void> {
    const { calls, signal, poll, listeners } = this.#parts
    const wait = poll === 'block' && !this.#isUnsure && this.#reader.isIdle ? BLOCK : 0
    const request = { after, wait, signal }
    this.#isUnsure = false
    const changes = readChanges(await calls.call((engine) => engine.changes(request), wait))
    // Another epoch was seen meanwhile: these are of the one before.
    if (this.#after !== after) return
    if (changes.lost) {
      listeners.tell(trimmed())
      this.#after = undefined
      return
    }
    this.#after = changes.after
    for (const batch of changes.batches) this.#intake.take(batch)
  }

  #pause(): Promise<void> {
    const { poll, signal } = this.#parts
    if (signal.aborted || this.#after === undefined) return Promise.resolve()
    return new Promise((resolve) => {
      const end = () => {
        stopTimer()
        signal.removeEventListener('abort', end)
        resolve()
      }
      const stopTimer = startTimer(poll === 'block' ? BREATH : poll, end)
      signal.addEventListener('abort', end)
    })
  }
}

const trimmed = () =>
  new FleetError(
    'STREAM_TRIMMED',
    'Changes were dropped before this machine had read them: it was too slow, or others have trimmed the stream. All machines are read anew.',
  )
