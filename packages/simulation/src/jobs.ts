import { HubError } from '@conn-hub/core'
import type { Report } from './failure.js'

/** What a world of another thread came to. */
export interface Share {
  readonly seed: number
  /** Undefined: it failed. */
  readonly report?: Pick<Report, 'hash' | 'happenings'>
  /** The module came to another `explore()` than the one that began the thread. */
  readonly isOther?: true
  /** The thread has played all its seeds. */
  readonly isEnd?: true
}

/** Which seeds a thread plays: each so-many-th. */
export interface Job {
  readonly index: number
  readonly jobs: number
  /** Of the `explore()` that began it, so that another one is not taken for it. */
  readonly call: string
}

interface Thread {
  on(type: 'message', listener: (share: Share) => void): void
  on(type: 'error', listener: (error: unknown) => void): void
  on(type: 'exit', listener: (code: number) => void): void
  terminate(): Promise<unknown>
}

interface Threads {
  readonly Worker: new (module: URL, options: object) => Thread
  readonly parentPort: { postMessage(share: Share): void } | null
  readonly workerData: unknown
}

interface Process {
  /** Node 20.16 or later. */
  getBuiltinModule?(name: 'node:worker_threads'): Threads
  readonly argv: readonly string[]
}

const { process } = globalThis as { process?: Process }

const workerThreads = (): Threads | undefined => process?.getBuiltinModule?.('node:worker_threads')

export const hasThreads = (): boolean => workerThreads() !== undefined

const KEY = '@conn-hub/simulation'

/** In a thread that `playInThreads()` has begun: what it is to do, and to whom it tells. */
export const ownJob = (): { job: Job; tell: (share: Share) => void } | undefined => {
  const { parentPort, workerData } = workerThreads() ?? {}
  const job = (workerData as { [KEY]?: Job } | null)?.[KEY]
  if (!job || !parentPort) return undefined
  return { job, tell: (share) => parentPort.postMessage(share) }
}

/**
 * Runs a module again in some threads, where it comes to the same `explore()`, which plays a share of the seeds. Resolves with the seed that
 * failed first, if any.
 */
export const playInThreads = async (
  options: { readonly jobs: number; readonly module: string; readonly call: string },
  onShare: (share: Share) => void,
): Promise<number | undefined> => {
  const { Worker } = workerThreads() as Threads
  const { jobs, module, call } = options
  const threads: Thread[] = []
  try {
    return await new Promise((resolve, reject) => {
      const playing = new Set<Thread>()
      for (let index = 0; index < jobs; index++) {
        const job: Job = { index, jobs, call }
        const thread = new Worker(new URL(module), {
          workerData: { [KEY]: job },
          argv: process?.argv.slice(2),
          // What the module prints is printed once, here.
          stdout: true,
          stderr: true,
        })
        threads.push(thread)
        playing.add(thread)
        thread.on('error', reject)
        thread.on('exit', (code) => {
          if (playing.has(thread)) reject(endedEarly(module, code))
        })
        thread.on('message', (share) => {
          if (share.isOther) reject(otherCall(module))
          else if (share.isEnd) {
            playing.delete(thread)
            if (playing.size === 0) resolve(undefined)
          } else if (share.report) onShare(share)
          else resolve(share.seed)
        })
      }
    })
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()))
  }
}

const otherCall = (module: string): HubError =>
  new HubError(
    'INVALID_OPTION',
    `The option "module" must be a module that comes to this explore() first; ${module} comes to another one.`,
  )

const endedEarly = (module: string, code: number): HubError =>
  new HubError(
    'JOB_ENDED',
    `A thread has ended before all its seeds were played, with the exit code ${code}. ${module} must come to this explore() in each thread, and nothing in it may call process.exit().`,
  )
