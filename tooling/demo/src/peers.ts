import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Order } from './peer.js'
import { generateKeys } from './sbot.js'

const PROGRAM = fileURLToPath(new URL('./peer.js', import.meta.url))
/** A peer that takes longer to leave is ended. */
const PATIENCE = 500

/** A peer with an identity of its own; it may run, or not. */
export class Peer {
  readonly name: string
  readonly #keys = generateKeys()
  readonly #tell: (what: string) => void
  #process: ChildProcess | undefined
  #address: string | undefined

  constructor(name: string, tell: (what: string) => void) {
    this.name = name
    this.#tell = tell
  }

  get key(): string {
    return this.#keys.id
  }

  /** Where it listens: another port each time that it comes. */
  get address(): string | undefined {
    return this.#address
  }

  /** Its name, and its key as addresses show it. */
  get #label(): string {
    return `${this.name} (~${this.key.slice(1, 6)}…)`
  }

  async come(): Promise<void> {
    if (this.#process) return
    const child = fork(PROGRAM, [JSON.stringify(this.#keys)], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    this.#process = child
    child.once('exit', () => {
      this.#process = undefined
      this.#address = undefined
    })
    child.stderr?.on('data', (data) => this.#tell(`${this.name} says: ${data}`))
    this.#tell(`${this.#label} comes, as process ${child.pid}`)
    const [message] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [
      { address?: string },
    ]
    this.#address = message?.address
  }

  dial(address: string): void {
    this.#tell(`${this.#label} dials us`)
    this.#order({ dial: address })
  }

  hangUp(): void {
    this.#tell(`${this.#label} hangs up`)
    this.#order({ hangUp: true })
  }

  /** Without a word, as by a power cut. */
  crash(): void {
    this.#tell(`${this.#label} crashes`)
    this.#process?.kill('SIGKILL')
  }

  async leave(): Promise<void> {
    const child = this.#process
    if (!child) return
    const gone = once(child, 'exit')
    this.#order({ leave: true })
    const impatience = setTimeout(() => child.kill('SIGKILL'), PATIENCE)
    await gone
    clearTimeout(impatience)
  }

  #order(order: Order): void {
    // A peer that is gone by now needs no order; with a callback, that is no error.
    this.#process?.send(order, () => {})
  }
}
