import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { until } from '@conn-hub/testkit'
import { onTestFinished } from 'vitest'

// The demo as it is built, in a process of its own.
const PROGRAM = fileURLToPath(new URL('../dist/main.js', import.meta.url))

export interface Run {
  readonly process: ChildProcess
  output(): string
  errors(): string
  /** As somebody at the keyboard. */
  type(keys: string): void
  /** Waits until the output has the text. */
  seen(text: string | RegExp, timeout?: number): Promise<void>
  /** The status it ends with. */
  ended(): Promise<{ status: number | null }>
  /** The processes of its peers that are still there. */
  peersAlive(): number[]
}

export const runDemo = (...args: string[]): Run =>
  follow(spawn(process.execPath, [PROGRAM, ...args]))

/** In ms: how long its sbot waits for the end of a handshake. */
const HANDSHAKE = 10_000

const ENDLESS_HANDSHAKES = `
  const { setTimeout: real } = globalThis
  globalThis.setTimeout = (run, ms, ...more) => real(run, ms === ${HANDSHAKE} ? 3_600_000 : ms, ...more)
`

/** The same, where the handshake of somebody who says nothing is never out of time. */
export const runPatientDemo = (): Run =>
  follow(spawn(process.execPath, ['--import', urlOf(ENDLESS_HANDSHAKES), PROGRAM]))

const urlOf = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`

/** The same on a terminal, which the program `script` makes. */
export const runOnTerminal = (...args: string[]): Run =>
  follow(
    spawn('script', [
      '-qec',
      `stty rows 40 cols 120; exec ${[process.execPath, PROGRAM, ...args].join(' ')}`,
      '/dev/null',
    ]),
  )

const follow = (child: ChildProcessWithoutNullStreams): Run => {
  let output = ''
  let errors = ''
  child.stdout.on('data', (data) => {
    output += data
  })
  child.stderr.on('data', (data) => {
    errors += data
  })
  const exit = once(child, 'close')
  onTestFinished(() => void child.kill('SIGKILL'))
  return {
    process: child,
    output: () => output,
    errors: () => errors,
    type: (keys) => void child.stdin.write(keys),
    seen: (text, timeout) =>
      until(
        () => (typeof text === 'string' ? output.includes(text) : text.test(output)),
        `the demo has said ${text}: ${output}${errors}`,
        timeout,
      ),
    ended: async () => {
      const [status] = await exit
      return { status }
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

interface Reader {
  /** The names of all entries that there were. */
  readonly names: Set<string>
  /** The name of each entry that has gone. */
  readonly namesOfGone: readonly (string | undefined)[]
  /** The names of those that are connected now. */
  connected(): (string | undefined)[]
  end(): void
}

/** Follows the stream of the inspector that the demo serves. */
export const readInspector = async (run: Run): Promise<Reader> => {
  await run.seen(/See it in a browser: http:\S+\/\n/)
  const [url] = /http:\S+/.exec(run.output()) ?? []
  const abort = new AbortController()
  const stream = await fetch(`${url}stream`, { signal: abort.signal })
  const entries = new Map<string, { name?: string; state: string }>()
  const names = new Set<string>()
  const namesOfGone: (string | undefined)[] = []
  const take = (block: string) => {
    const data = JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? '{}')
    for (const { address, state, data: json = '{}' } of [
      ...(data.entries ?? []),
      ...(data.set ?? []),
    ]) {
      const { name } = JSON.parse(json)
      entries.set(address, { name, state })
      if (name) names.add(name)
    }
    for (const address of data.gone ?? []) {
      namesOfGone.push(entries.get(address)?.name)
      entries.delete(address)
    }
  }
  const read = async () => {
    let rest = ''
    for await (const text of stream.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const blocks = (rest + text).split('\n\n')
      rest = blocks.pop() ?? ''
      blocks.forEach(take)
    }
  }
  read().catch(() => {})
  return {
    names,
    namesOfGone,
    connected: () =>
      [...entries.values()].filter(({ state }) => state === 'connected').map(({ name }) => name),
    end: () => abort.abort(),
  }
}
