import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import * as core from '@conn-hub/core'
import { createView } from '@conn-hub/core/view'
import { createMemoryNetwork } from '@conn-hub/testkit'
import ts from 'typescript'
import { describe, expect, it, vi } from 'vitest'

interface Example {
  /** `model/hub.ts: connect`, or with a number where there are several. */
  readonly name: string
  readonly code: string
}

const src = new URL('../src/', import.meta.url)

/** Everything behind `@example` in a file, without the stars. */
const examplesOf = (file: string, text: string): Example[] =>
  [...text.matchAll(/\/\*\*(?:(?!\*\/)[\s\S])*?@example[\s\S]*?\*\/\n\s*(.*)/g)].flatMap(
    ([comment = '', declared = '']) => {
      const doc = comment.slice(0, comment.indexOf('*/'))
      const codes = doc.split('@example').slice(1)
      const [what = ''] = /\w+(?=[<(:?]| =| extends)|\w+$/.exec(declared.trim()) ?? []
      return codes.map((code, i) => ({
        name: `${file}: ${what}${codes.length > 1 ? ` ${i + 1}` : ''}`,
        code: code.replace(/^\s*\* ?/gm, '').trim(),
      }))
    },
  )

const files = (await readdir(src, { recursive: true })).filter((file) => file.endsWith('.ts'))
const texts = await Promise.all(files.map((file) => readFile(new URL(file, src), 'utf8')))
const examples = files.flatMap((file, i) => examplesOf(file, texts[i] ?? ''))

/** What the examples talk of: a hub of a memory network, where bob and anna are, and small parts of an app. */
const prelude = () => {
  const network = createMemoryNetwork()
  const others = ['bob', 'anna'].map((name) =>
    core.createHub({ transport: network.endpoint(name) }),
  )
  const transport = network.endpoint('me')
  const hub = core.createHub({ transport })
  const sessionOf = (handle: unknown) => ({
    handle,
    direction: 'outbound' as const,
    close: () => {},
    onClosed: () => {},
  })
  const taken: ((socket: unknown) => void)[] = []
  const names = {
    ...core,
    createView,
    hub,
    transport,
    open: (address: string) => sessionOf(address),
    toSession: sessionOf,
    hello: async (socket: unknown) => ({ ...sessionOf(socket), direction: 'inbound' }),
    link: { end: () => {}, whenEnded: () => {} },
    lines: [] as string[],
    count: { dials: 0, ms: 0, running: 0 },
    queue: { add: (task: () => void) => void Promise.resolve().then(task) },
    server: { on: (_: 'connection', take: (socket: unknown) => void) => taken.push(take) },
  }
  const end = () => Promise.all([hub, ...others].map((each) => each.close()))
  return { names, hub, taken, end }
}

/** Declares the names of the prelude for the compiler, so that a name that is unknown, or a misuse, is an error. */
const DECLARATIONS = `
import { acceptor, createHub, decorate, dialer, isHubError, HubError, printable, toPlain, withOutcome } from '@conn-hub/core'
import type { Hub, Session, Transport } from '@conn-hub/core'
import { createView } from '@conn-hub/core/view'
interface Link { send(message: unknown): void }
type Socket = Link & { port: number; destroy(): void }
declare const hub: Hub<Link>
declare const transport: Transport<Link>
declare const open: (address: string, options?: unknown) => Session<Socket>
declare const toSession: (link: unknown) => Session<Link>
declare const hello: (socket: Socket, signal: AbortSignal) => Promise<Session<Link>>
declare const link: { end(reason: string): void; whenEnded(listener: () => void): void }
declare const lines: string[]
declare const count: { dials: number; ms: number; running: number }
declare const queue: { add(task: () => void): void }
declare const server: { on(type: 'connection', take: (socket: Socket) => void): void }
export {}
`

const AsyncFunction = (async () => {}).constructor as new (
  ...parts: string[]
) => (...values: unknown[]) => Promise<void>

const run = async (code: string) => {
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  })
  const { names, ...world } = prelude()
  // An example may use the name of the prelude for something of its own.
  const body = `{\n${outputText}\n}`
  try {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {})
    await new AsyncFunction(...Object.keys(names), body)(...Object.values(names)).finally(() =>
      log.mockRestore(),
    )
    return world
  } finally {
    await world.end()
  }
}

describe('the examples of the public types', () => {
  it('are found', () => {
    const stars = texts.join('\n').match(/@example/g)
    expect(examples).toHaveLength(stars?.length ?? 0)
    expect(examples.length).toBeGreaterThan(20)
  })

  it.each(examples)('$name runs', async ({ code }) => {
    await run(code)
  })

  // The compiler reads the whole package, and its libraries.
  it('compile, each in a block of its own, with the declarations of this package', {
    timeout: 120_000,
  }, () => {
    const folder = mkdtempSync(new URL('examples-', import.meta.url).pathname)
    try {
      const path = `${folder}/examples.mts`
      const blocks = examples.map(({ name, code }) => `// ${name}\n{\n${code}\n}\n`)
      writeFileSync(path, DECLARATIONS + blocks.join(''))
      const program = ts.createProgram([path], {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.NodeNext,
        moduleResolution: ts.ModuleResolutionKind.NodeNext,
        lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.esnext.disposable.d.ts'],
        customConditions: ['@conn-hub/source'],
        strict: true,
        noEmit: true,
        skipLibCheck: true,
        types: [],
      })
      const faults = ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
        const before = file?.text.slice(0, start) ?? ''
        const [name = file?.fileName] = before.match(/(?<=^\/\/ ).*$/gm)?.slice(-1) ?? []
        return `${name}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
      })
      expect(faults).toEqual([])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it.each(['hub.conect("mem:bob")', 'unknownName()', 'throw new Error("x")'])(
    'would fail with %s',
    async (code) => {
      await expect(run(code)).rejects.toThrow()
    },
  )
})
