import { fileURLToPath } from 'node:url'
import ts from 'typescript'

export interface TypeFault {
  /** The path of the file that it is in. */
  readonly file: string
  /** The text of that file, up to the fault. */
  readonly before: string
  readonly message: string
}

/** What the compiler says of modules of an app that is strict. They import our sources, and have the global types of `types`. */
export const typeFaultsOf = (
  files: readonly string[],
  types: readonly 'node'[] = [],
): TypeFault[] => {
  const program = ts.createProgram(files, {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.esnext.disposable.d.ts'],
    customConditions: ['@conn-hub/source'],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [...types],
    typeRoots: [fileURLToPath(new URL('../node_modules/@types', import.meta.url))],
  })
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => ({
    file: file?.fileName ?? '',
    before: file?.text.slice(0, start) ?? '',
    message: ts.flattenDiagnosticMessageText(messageText, ' '),
  }))
}
