import { messageOf } from '../edges/failures.js'
import type { Command, Commands } from './clients.js'

/** What a client says where it has no connection: why, it has told before, by an event. */
const NO_CONNECTION = /not ready|writeable|offline|closed/i

/** Hears what breaks the connection of the app's client while a machine is alive on it, so that a failed call can say why. */
export class Hearing {
  readonly commands: Commands
  readonly #alive = new Set<string>()
  #stop: (() => void) | undefined
  #last: unknown

  constructor(commands: Commands) {
    this.commands = {
      ...commands,
      pipeline: (list) => this.#explained(commands.pipeline(list)),
      transaction: (list: readonly Command[]) => this.#explained(commands.transaction(list)),
    }
  }

  begin(incarnation: string): void {
    this.#alive.add(incarnation)
    this.#stop ??= this.commands.onError((error) => {
      this.#last = error
    })
  }

  end(incarnation: string): void {
    this.#alive.delete(incarnation)
    if (this.#alive.size > 0) return
    this.#stop?.()
    this.#stop = undefined
  }

  async #explained<T>(running: Promise<T>): Promise<T> {
    try {
      const reply = await running
      this.#last = undefined
      return reply
    } catch (error) {
      throw this.#last !== undefined && NO_CONNECTION.test(messageOf(error)) ? this.#last : error
    }
  }
}

/** A connection for each follower that waits: it would hold up all other commands on the app's own. */
export class Waits {
  readonly #commands: Commands
  readonly #of = new WeakMap<AbortSignal, Commands>()
  /** Those that have not answered yet. */
  readonly #busy = new WeakSet<Commands>()

  constructor(commands: Commands) {
    this.#commands = commands
  }

  /** On a connection of its own, which ends with the signal. */
  async pipeline(signal: AbortSignal, list: readonly Command[]): Promise<unknown[]> {
    const own = this.#connectionOf(signal)
    this.#busy.add(own)
    try {
      await own.ready()
      return await own.pipeline(list)
    } finally {
      this.#busy.delete(own)
    }
  }

  #connectionOf(signal: AbortSignal): Commands {
    signal.throwIfAborted()
    const before = this.#of.get(signal)
    // A follower asks again when it has waited in vain: a client can be ready and never answer.
    const isStuck = before !== undefined && this.#busy.has(before)
    // By the app's own settings it may have given up while Redis was away.
    if (before && !isStuck && !before.isOver()) return before
    if (isStuck) before.destroy()
    const own = this.#commands.duplicate()
    this.#of.set(signal, own)
    if (!before) signal.addEventListener('abort', () => this.#of.get(signal)?.destroy())
    return own
  }
}
