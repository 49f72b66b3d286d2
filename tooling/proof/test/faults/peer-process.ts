import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Message, Reply } from './commands.js'
import type { Report } from './report.js'

const PROGRAM = fileURLToPath(new URL('../../dist/peer.js', import.meta.url))
/** In ms: no command takes that long, and one that is never answered must not hold the test. */
const PATIENCE = 120_000

export interface Exit {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
}

interface Waiting {
  readonly resolve: (result: never) => void
  readonly reject: (error: Error) => void
}

/** A process of its own with one real sbot or more. */
export class PeerProcess {
  readonly exited: Promise<Exit>
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, Waiting>()
  /** What it printed. */
  said = ''
  #lastId = 0

  /** @param through The program that starts it, with arguments: `['ip', 'netns', 'exec', 'NAME']`. */
  constructor(through: readonly string[] = []) {
    const [execPath = process.execPath, ...execArgv] =
      through.length > 0 ? [...through, process.execPath] : []
    this.#child = fork(PROGRAM, [], {
      execPath,
      execArgv,
      // With the default, JSON, what is undefined would come as null.
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    for (const output of [this.#child.stdout, this.#child.stderr]) {
      output?.on('data', (data) => {
        this.said += data
      })
    }
    this.#child.on('message', (reply: Reply) => this.#take(reply))
    this.exited = new Promise((resolve) => {
      this.#child.once('close', (status, signal) => {
        this.#failAll(`the process has ended: ${signal ?? status}`)
        resolve({ status, signal })
      })
    })
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  command<R>(message: OmitId<Message>): Promise<R> {
    const id = ++this.#lastId
    const answer = new Promise<R>((resolve, reject) => {
      const timer = setTimeout(() => this.#fail(id, `no answer within ${PATIENCE} ms`), PATIENCE)
      const settle =
        <A extends unknown[]>(end: (...args: A) => void) =>
        (...args: A) => {
          clearTimeout(timer)
          end(...args)
        }
      this.#waiting.set(id, { resolve: settle(resolve), reject: settle(reject) })
    })
    // A test may command something, end the process, and not care for the answer.
    answer.catch(() => {})
    this.#child.send({ id, ...message }, (error) => error && this.#fail(id, String(error)))
    return answer
  }

  /** It hangs, until `goOn()`. */
  stop(): void {
    this.#child.kill('SIGSTOP')
  }

  goOn(): void {
    this.#child.kill('SIGCONT')
  }

  /** Ends it without a word, however it is: also where it is stopped. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.exited
  }

  /** Closes everything in it, and gives the last reports; then it must end by itself. */
  leave(): Promise<readonly Report[]> {
    return this.command({ leave: true })
  }

  #take(reply: Reply): void {
    const { id } = reply
    if ('error' in reply) this.#fail(id, reply.error)
    else this.#waiting.get(id)?.resolve(reply.result as never)
    this.#waiting.delete(id)
  }

  #fail(id: number, what: string): void {
    this.#waiting
      .get(id)
      ?.reject(new Error(`${what}\nprocess ${this.#child.pid} said: ${this.said}`))
    this.#waiting.delete(id)
  }

  #failAll(what: string): void {
    for (const id of [...this.#waiting.keys()]) this.#fail(id, what)
  }
}

type OmitId<M> = M extends unknown ? Omit<M, 'id'> : never
