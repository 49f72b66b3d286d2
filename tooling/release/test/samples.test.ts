import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { blocksOf } from '@conn-hub/testkit'
import ts from 'typescript'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** Pages whose first program is pasted into a TypeScript file as well, each with a folder that has what it imports. */
const TYPED = {
  'README.md': 'tooling/example-chat',
  'packages/inspector/record/README.md': 'packages/inspector',
  ...Object.fromEntries(
    [
      ...['async-iterator', 'core', 'fleet', 'inspector', 'keeper', 'opentelemetry', 'policies'],
      ...['pull-stream', 'websocket'],
    ].map((name) => [`packages/${name}/README.md`, `packages/${name}`]),
  ),
}

const firstProgramOf = (page: string): string => {
  const blocks = blocksOf(new URL(page, new URL(`file://${root}`)), 'js')
  const first = blocks.find((code) => code.startsWith('import '))
  if (first === undefined) throw new Error(`${page} begins with no program`)
  return first
}

it('the first program of a page is TypeScript as it stands', { timeout: 300_000 }, () => {
  const folders: string[] = []
  try {
    const pages = new Map(
      Object.entries(TYPED).map(([page, place]) => {
        const folder = mkdtempSync(`${root}${place}/test/sample-`)
        folders.push(folder)
        writeFileSync(`${folder}/sample.mts`, firstProgramOf(page))
        return [`${folder}/sample.mts`, page]
      }),
    )
    const program = ts.createProgram([...pages.keys()], {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      customConditions: ['@conn-hub/source'],
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.esnext.disposable.d.ts'],
      types: ['node'],
      typeRoots: [`${root}tooling/release/node_modules/@types`],
    })
    const faults = ts
      .getPreEmitDiagnostics(program)
      .map(({ file, messageText }) => [
        pages.get(file?.fileName ?? '') ?? file?.fileName,
        ts.flattenDiagnosticMessageText(messageText, ' '),
      ])
    expect(faults).toEqual([])
  } finally {
    for (const folder of folders) rmSync(folder, { recursive: true })
  }
})
