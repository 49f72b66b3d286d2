interface Builtin {
  'node:module': { syncBuiltinESMExports(): void }
  'node:timers': object
}

interface Process {
  /** Node 20.16 or later. */
  getBuiltinModule?<N extends keyof Builtin>(name: N): Builtin[N]
}

const { process } = globalThis as { process?: Process }

/** Lets `import { setTimeout } from 'node:timers'` see what the module has now. */
export const syncNamedImports = (): void =>
  process?.getBuiltinModule?.('node:module').syncBuiltinESMExports()

export const timersModule = (): object | undefined => process?.getBuiltinModule?.('node:timers')
