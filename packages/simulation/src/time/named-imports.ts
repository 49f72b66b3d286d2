interface Process {
  /** Node 20.16 or later. */
  getBuiltinModule?(name: 'node:module'): { syncBuiltinESMExports(): void }
}

/** Lets `import { setTimeout } from 'node:timers/promises'` see what the module has now. */
export const syncNamedImports = (): void => {
  const { process } = globalThis as { process?: Process }
  process?.getBuiltinModule?.('node:module').syncBuiltinESMExports()
}
