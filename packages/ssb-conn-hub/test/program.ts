import { type ChildProcess, fork } from 'node:child_process'
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

/** A program of this folder in a process of its own. */
export interface Program {
  readonly process: ChildProcess
  /** What its hub has told so far. */
  readonly events: Told[]
  call(name: string, options?: object): Promise<unknown>
  /** Ends the process, whatever it is doing. */
  end(): Promise<void>
}

export const startProgram = async (name: string, settings: object): Promise<Program> => {
  const path = await mkdtemp(join(tmpdir(), 'conn-hub-rooms-'))
  const argument = JSON.stringify({ path, ...settings })
  const child = fork(join(import.meta.dirname, name), [argument], {
    execArgv: [],
    // What real parts print of links that break is not of this test.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const events: Told[] = []
  const waiting = new Map<number | undefined, (message: Message) => void>()
  child.on('message', (message: Message) => {
    if (message.event) events.push(message as Told)
    waiting.get(message.id)?.(message)
  })
  const [ready] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => Promise.reject(new Error(`${name} ended at once`))),
  ])
  if (!(ready as { ready?: boolean }).ready) throw new Error(`${name} is not ready`)
  let calls = 0

  return {
    process: child,
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
      await rm(path, { recursive: true, force: true })
    },
  }
}
