import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { createMemoryNetwork } from '@conn-hub/conformance'
import { createHub } from '@conn-hub/core'
import ts from 'typescript'
import { describe, expect, it, vi } from 'vitest'
import { createKeeper } from '../src/index.js'
import { probe, watchLiveness } from '../src/liveness/index.js'

const src = new URL('../src/', import.meta.url)
const files = (await readdir(src, { recursive: true })).filter((file) => file.endsWith('.ts'))
const texts = await Promise.all(files.map((file) => readFile(new URL(file, src), 'utf8')))

/** Everything behind `@example`, without the stars. */
const examples = files.flatMap((file, i) =>
  [...(texts[i] ?? '').matchAll(/\/\*\*(?:(?!\*\/)[\s\S])*?\*\//g)].flatMap(([comment]) =>
    comment
      .replace('*/', '')
      .split('@example')
      .slice(1)
      .map((code, n) => ({ name: `${file} ${n}`, code: code.replace(/^\s*\* ?/gm, '').trim() })),
  ),
)

const DECLARATIONS = `
import type { Hub } from '@conn-hub/core'
import { createKeeper, type Keeper, type Online } from '@conn-hub/keeper'
import { type Liveness, probe, watchLiveness } from '@conn-hub/keeper/liveness'
declare const hub: Hub<{ send(message: unknown): void }>
declare const keeper: Keeper
declare const liveness: Liveness<unknown>
declare const wifi: { isUp: boolean; onChange(listener: () => void): () => void }
export {}
`

const AsyncFunction = (async () => {}).constructor as new (
  ...parts: string[]
) => (...values: unknown[]) => Promise<void>

const run = async (code: string) => {
  const network = createMemoryNetwork()
  const others = ['bob', 'anna'].map((name) => createHub({ transport: network.endpoint(name) }))
  const hub = createHub({ transport: network.endpoint('me') })
  const names = {
    hub,
    createKeeper,
    watchLiveness,
    probe,
    keeper: createKeeper(hub),
    liveness: watchLiveness(hub),
    wifi: { isUp: true, onChange: () => () => {} },
  }
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  })
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  try {
    // An example may use the name of the prelude for something of its own.
    await new AsyncFunction(...Object.keys(names), `{\n${outputText}\n}`)(...Object.values(names))
  } finally {
    log.mockRestore()
    await Promise.all([hub, ...others].map((each) => each.close()))
  }
}

describe('the examples of the public types', () => {
  it('are found', () => {
    expect(examples).toHaveLength(texts.join('\n').match(/@example/g)?.length ?? 0)
    expect(examples.length).toBeGreaterThanOrEqual(12)
  })

  it.each(examples)('$name runs', async ({ code }) => {
    await run(code)
  })

  it.each(['keeper.kep("mem:bob")', 'throw new Error("x")'])('would fail with %s', async (code) => {
    await expect(run(code)).rejects.toThrow()
  })

  it('compile, each in a block of its own', { timeout: 120_000 }, () => {
    const folder = mkdtempSync(new URL('examples-', import.meta.url).pathname)
    try {
      const path = `${folder}/examples.mts`
      writeFileSync(path, DECLARATIONS + examples.map(({ code }) => `{\n${code}\n}\n`).join(''))
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
      const faults = ts
        .getPreEmitDiagnostics(program)
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))
      expect(faults).toEqual([])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('prose', () => {
  it('is on every member of each public interface', () => {
    const bare = files.flatMap((file, i) => {
      if (!file.startsWith('model/')) return []
      const source = ts.createSourceFile(file, texts[i] ?? '', ts.ScriptTarget.ES2022, true)
      return source.statements
        .filter(ts.isInterfaceDeclaration)
        .flatMap((node) =>
          [node, ...node.members]
            .filter((each) => ts.getJSDocCommentsAndTags(each).length === 0)
            .map((each) => `${node.name.text}: ${each.getText().slice(0, 40)}`),
        )
    })
    expect(bare).toEqual([])
  })
})
