import { type ChildProcess, fork } from 'node:child_process'
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** Bundles a script of this folder from the sources. Gives the file, and what takes it away. */
export const bundled = async (name: string): Promise<{ file: string; end(): void }> => {
  const entry = fileURLToPath(new URL(`${name}.ts`, import.meta.url))
  // Beside the script, where it finds the packages.
  const file = entry.replace(/\.ts$/, `-${process.pid}.tmp.js`)
  await build({
    entryPoints: [entry],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node18',
    packages: 'external',
    alias: { '@conn-hub/core': fileURLToPath(new URL('../../core/src/index.ts', import.meta.url)) },
  })
  return { file, end: () => rmSync(file, { force: true }) }
}

/** A process that answers what it is asked, one after the other. */
export class Asked {
  readonly child: ChildProcess
  readonly #waiting: ((answer: never) => void)[] = []

  constructor(file: string, args: readonly string[]) {
    this.child = fork(file, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    this.child.on('message', (answer) => this.#waiting.shift()?.(answer as never))
  }

  ask<T>(question: unknown): Promise<T> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
      this.child.send(question as object)
    })
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal)
  }
}
