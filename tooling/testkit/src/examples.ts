import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { typeFaultsOf } from './types.js'

export interface Example {
  /** `model/hub.ts: connect`, or with a number where there are several. */
  readonly name: string
  /** What it stands above: `connect`. */
  readonly above: string
  readonly code: string
}

/** Everything behind `@example` in the sources of a package, without the stars. */
export const examplesIn = (src: URL): Example[] => {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  return files
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => {
      const text = readFileSync(new URL(file, src), 'utf8')
      const examples = examplesOf(file, text)
      const marked = text.match(/@example/g)?.length ?? 0
      if (marked !== examples.length) throw new Error(`${file}: an @example stands above nothing`)
      return examples
    })
}

const examplesOf = (file: string, text: string): Example[] =>
  [...text.matchAll(/\/\*\*(?:(?!\*\/)[\s\S])*?@example[\s\S]*?\*\/\n\s*(.*)/g)].flatMap(
    ([comment = '', declared = '']) => {
      const doc = comment.slice(0, comment.indexOf('*/'))
      const codes = doc.split('@example').slice(1)
      const [above = ''] = /\w+(?=[<(:?]| =| extends)|\w+$/.exec(declared.trim()) ?? []
      return codes.map((code, i) => ({
        name: `${file}: ${above}${codes.length > 1 ? ` ${i + 1}` : ''}`,
        above,
        code: code.replace(/^\s*\* ?/gm, '').trim(),
      }))
    },
  )

const AsyncFunction = (async () => {}).constructor as new (
  ...parts: string[]
) => (...values: unknown[]) => Promise<void>

/** Runs an example, which knows these names. Gives what it prints. */
export const runExample = async (
  code: string,
  names: Readonly<Record<string, unknown>>,
): Promise<unknown[][]> => {
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  })
  const { log } = console
  const printed: unknown[][] = []
  console.log = (...words) => void printed.push(words)
  try {
    // It may use one of the names for something of its own.
    const run = new AsyncFunction(...Object.keys(names), `{\n${outputText}\n}`)
    await run(...Object.values(names))
    return printed
  } finally {
    console.log = log
  }
}

/** What the compiler says of examples, each in a block of its own behind the declarations of what they talk of. */
export const typeErrorsOf = (
  examples: readonly Example[],
  declarations: string,
  folder: URL,
): string[] => {
  const place = mkdtempSync(fileURLToPath(new URL('examples-', folder)))
  try {
    const path = `${place}/examples.mts`
    const blocks = examples.map(({ name, code }) => `// ${name}\n{\n${code}\n}\n`)
    writeFileSync(path, declarations + blocks.join(''))
    return typeFaultsOf([path]).map(({ file, before, message }) => {
      const [name = file] = before.match(/(?<=^\/\/ ).*$/gm)?.slice(-1) ?? []
      return `${name}: ${message}`
    })
  } finally {
    rmSync(place, { recursive: true })
  }
}
