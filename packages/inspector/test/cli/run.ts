import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { until } from '@conn-hub/testkit'
import { onTestFinished } from 'vitest'

// The program as it is built, in a process of its own.
const PROGRAM = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

export interface Run {
  readonly process: ChildProcess
  output(): string
  errors(): string
  /** The output as lines of JSON. */
  lines(): Record<string, unknown>[]
  seen(text: string | RegExp): Promise<void>
  told(text: string | RegExp): Promise<void>
  status(): Promise<number | null>
}

export const runProgram = (...args: string[]): Run => runProgramWith({}, ...args)

export const runProgramWith = (variables: Record<string, string>, ...args: string[]): Run => {
  const env = { ...process.env, ...variables }
  const child = spawn(process.execPath, [PROGRAM, ...args], { env })
  onTestFinished(() => void child.kill('SIGKILL'))
  let output = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (data) => {
    output += data
  })
  child.stderr.setEncoding('utf8').on('data', (data) => {
    errors += data
  })
  const exit = once(child, 'close')
  const waitFor = (has: () => string, text: string | RegExp) =>
    until(() => has().search(text) >= 0, `it has said ${text}: ${output}${errors}`)
  return {
    process: child,
    output: () => output,
    errors: () => errors,
    lines: () =>
      output
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
    seen: (text) => waitFor(() => output, text),
    told: (text) => waitFor(() => errors, text),
    status: async () => (await exit)[0],
  }
}
