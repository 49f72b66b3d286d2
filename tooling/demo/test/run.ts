import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { until } from '@conn-hub/testkit'

// The demo as it is built, in a process of its own.
const PROGRAM = fileURLToPath(new URL('../dist/main.js', import.meta.url))

export interface Run {
  readonly process: ChildProcess
  output(): string
  errors(): string
  /** Waits until the output has the text. */
  seen(text: string | RegExp): Promise<void>
  /** The status it ends with, and how long that took from now, in ms. */
  ended(): Promise<{ status: number | null; ms: number }>
  /** The processes of its peers that are still there. */
  peersAlive(): number[]
}

export const runDemo = (...args: string[]): Run => {
  const child = spawn(process.execPath, [PROGRAM, ...args])
  let output = ''
  let errors = ''
  child.stdout.on('data', (data) => {
    output += data
  })
  child.stderr.on('data', (data) => {
    errors += data
  })
  const exit = once(child, 'close')
  return {
    process: child,
    output: () => output,
    errors: () => errors,
    seen: (text) =>
      until(
        () => (typeof text === 'string' ? output.includes(text) : text.test(output)),
        `the demo has said ${text}: ${output}${errors}`,
      ),
    ended: async () => {
      const from = performance.now()
      const [status] = await exit
      return { status, ms: performance.now() - from }
    },
    peersAlive: () =>
      [...output.matchAll(/as process (\d+)/g)].map(([, pid]) => Number(pid)).filter(isAlive),
  }
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
