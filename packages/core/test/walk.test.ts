import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { createHub, Session, Transport } from '@conn-hub/core'
import ts from 'typescript'
import { afterAll, beforeAll, expect, it } from 'vitest'

// How far a reader has to walk: each function of the sources tells the file that it stands in when it is called.

const src = fileURLToPath(new URL('../src/', import.meta.url))
const walked: string[] = []
let folder = ''
let create: typeof createHub

/** Puts a call of `__walk` at the beginning of each function. */
const telling =
  (file: string): ts.TransformerFactory<ts.SourceFile> =>
  (context) => {
    const { factory } = context
    const tell = factory.createCallExpression(factory.createIdentifier('__walk'), undefined, [
      factory.createStringLiteral(file),
    ])
    const visit = (node: ts.Node): ts.Node => {
      const inner = ts.visitEachChild(node, visit, context)
      if (ts.isArrowFunction(inner) && !ts.isBlock(inner.body)) {
        const { modifiers, typeParameters, parameters, type, equalsGreaterThanToken } = inner
        const body = factory.createParenthesizedExpression(factory.createComma(tell, inner.body))
        return factory.updateArrowFunction(
          inner,
          modifiers,
          typeParameters,
          parameters,
          type,
          equalsGreaterThanToken,
          body,
        )
      }
      if (!ts.isBlock(inner) || !ts.isFunctionLike(node.parent)) return inner
      // A constructor of a derived class may not look at `this` before `super()`, but may call anything.
      return factory.updateBlock(inner, [
        factory.createExpressionStatement(tell),
        ...inner.statements,
      ])
    }
    return (source) => ts.visitEachChild(source, visit, context)
  }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'conn-hub-walk-'))
  const files = (await readdir(src, { recursive: true })).filter((file) => file.endsWith('.ts'))
  for (const file of files) {
    const { outputText } = ts.transpileModule(await readFile(join(src, file), 'utf8'), {
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
      transformers: { before: [telling(file)] },
    })
    const to = join(folder, file.replace(/\.ts$/, '.js'))
    await mkdir(dirname(to), { recursive: true })
    await writeFile(to, outputText)
  }
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  Object.assign(globalThis, { __walk: (file: string) => walked.push(file) })
  ;({ createHub: create } = await import(pathToFileURL(join(folder, 'index.js')).href))
})

afterAll(async () => {
  Reflect.deleteProperty(globalThis, '__walk')
  await rm(folder, { recursive: true })
})

const transport: Transport<string> = {
  describe: (address) => ({ key: address }),
  dial: (address, attempt) => attempt.succeed(toSession(address)),
}

const toSession = (handle: string): Session<string> => {
  const listeners: (() => void)[] = []
  return {
    handle,
    direction: 'outbound',
    close: () => {
      for (const tell of listeners) tell()
    },
    onClosed: (listener) => listeners.push(listener),
  }
}

/** The files in which control was, from the call until `type` is heard. */
const walk = (
  type: 'connecting' | 'connected' | 'disconnected',
  call: (hub: ReturnType<typeof create>) => void,
) => {
  const hub = create({ transport })
  let heard: string[] | undefined
  hub.on(type, () => {
    heard ??= [...walked]
  })
  walked.length = 0
  call(hub)
  if (!heard) throw new Error(`${type} was not heard`)
  const changes = heard.filter((file, i) => i > 0 && file !== heard?.[i - 1]).length
  return { files: [...new Set(heard)].sort(), changes, calls: heard.length }
}

it('from connect() until connecting is heard it leads through at most 10 files, and changes file 20 times', () => {
  const { files, changes, calls } = walk('connecting', (hub) => hub.connect('a'))
  expect(calls).toBeGreaterThan(15)
  expect(files).toContain('state/transition.ts')
  expect(files.length, files.join(', ')).toBeLessThanOrEqual(10)
  expect(changes).toBeLessThanOrEqual(20)
})

/** Lines with code on them: neither blank nor comment alone. */
const linesOfCode = (text: string): number => {
  const lines = new Set<number>()
  const source = ts.createSourceFile('x.ts', text, ts.ScriptTarget.ES2022, true)
  const visit = (node: ts.Node): void => {
    if (node.kind >= ts.SyntaxKind.FirstJSDocNode && node.kind <= ts.SyntaxKind.LastJSDocNode)
      return
    const children = node.getChildren(source)
    if (children.length === 0) {
      const first = source.getLineAndCharacterOfPosition(node.getStart(source)).line
      const last = source.getLineAndCharacterOfPosition(node.getEnd()).line
      for (let line = first; line <= last; line++) lines.add(line)
    }
    for (const child of children) visit(child)
  }
  visit(source)
  return lines.size
}

it('no file has more than 200 lines of code; the table of states may have 260', async () => {
  const files = (await readdir(src, { recursive: true })).filter((file) => file.endsWith('.ts'))
  const long: string[] = []
  for (const file of files) {
    const lines = linesOfCode(await readFile(join(src, file), 'utf8'))
    expect(lines).toBeGreaterThan(0)
    if (lines > (file === 'state/transition.ts' ? 260 : 200)) long.push(`${file}: ${lines}`)
  }
  expect(long).toEqual([])
})
