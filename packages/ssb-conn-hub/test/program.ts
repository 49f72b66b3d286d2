import { type ChildProcess, fork, type StdioOptions } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Told {
  readonly event: string
  readonly address: string
  readonly isClient?: boolean
}

interface Message extends Partial<Told> {
  readonly id?: number
  readonly value?: unknown
  readonly error?: string
}

/** A program in a process and a folder of its own. */
export interface Program {
  readonly process: ChildProcess
  /** The first that it said: that it is ready. */
  readonly first: object
  /** What its hub has told so far. */
  readonly events: Told[]
  call(name: string, options?: object): Promise<unknown>
  /** Ends the process, whatever it is doing. */
  end(): Promise<void>
}

/** Starts a program of this folder, and waits until it says something. */
export const startProgram = async (
  name: string,
  argumentsIn: (folder: string) => string[],
  stdio?: StdioOptions,
): Promise<Program> => {
  const folder = await mkdtemp(join(tmpdir(), 'ssb-conn-hub-'))
  const file = join(import.meta.dirname, name)
  const child = fork(file, argumentsIn(folder), { execArgv: [], ...(stdio && { stdio }) })
  const events: Told[] = []
  const waiting = new Map<number | undefined, (message: Message) => void>()
  child.on('message', (message: Message) => {
    if (message.event) events.push(message as Told)
    waiting.get(message.id)?.(message)
  })
  const [first] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => Promise.reject(new Error(`${name} ended at once`))),
  ])
  let calls = 0

  return {
    process: child,
    first,
    events,
    call: (call, options) =>
      new Promise((resolve, reject) => {
        const id = ++calls
        waiting.set(id, ({ value, error }) => {
          waiting.delete(id)
          if (error === undefined) resolve(value)
          else reject(new Error(error))
        })
        child.send({ id, call, options })
      }),
    end: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL')
        await once(child, 'exit')
      }
      await rm(folder, { recursive: true, force: true })
    },
  }
}
