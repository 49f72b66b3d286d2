import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findPort } from '@conn-hub/testkit'

interface Message {
  readonly id?: unknown
  readonly value?: unknown
  readonly error?: string
  readonly event?: string
  readonly address?: string
}

export interface App {
  readonly address: string
  readonly id: string
  readonly isDropIn: boolean
  /** The types of the hub's events so far. */
  readonly events: string[]
  readonly process: ChildProcess
  call(name: string, options?: object): Promise<unknown>
  /** Ends the process, whatever it is doing. */
  end(): Promise<void>
}

/** Starts an app with ssb-conn in a process of its own. */
export const startApp = async (shs: string): Promise<App> => {
  const path = await mkdtemp(join(tmpdir(), 'ssb-conn-app-'))
  const port = await findPort()
  const child = fork(join(import.meta.dirname, 'app.cjs'), [path, String(port), shs], {
    execArgv: [],
  })
  const events: string[] = []
  const waiting = new Map<unknown, (message: Message) => void>()
  child.on('message', (message: Message) => {
    if (message.event) events.push(message.event)
    waiting.get(message.id)?.(message)
  })
  const [ready] = (await once(child, 'message')) as [{ id: string; isDropIn: boolean }]
  let calls = 0

  return {
    address: `net:127.0.0.1:${port}~shs:${ready.id.slice('@'.length, -'.ed25519'.length)}`,
    id: ready.id,
    isDropIn: ready.isDropIn,
    events,
    process: child,
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
