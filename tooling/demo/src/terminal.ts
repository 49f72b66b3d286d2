import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'

export interface Terminal {
  /** Something that is no event of the hub. The live table leaves no place for it. */
  news(text: string): void
  end(): Promise<void>
}

/** Shows a hub by the program of the inspector: a live table on a terminal, plain lines anywhere else. */
export const startTerminal = (url: string, output: NodeJS.WriteStream): Terminal => {
  const stdout = output.isTTY ? 'inherit' : 'pipe'
  const program = fork(findProgram(), [url], {
    execArgv: ['--import', ENDS_WITH_US],
    stdio: ['ignore', stdout, 'inherit', 'ipc'],
  })
  const exited = once(program, 'exit')
  const print = (line: string) => void output.write(`${line}\n`)
  if (program.stdout) createInterface(program.stdout).on('line', print)
  return {
    news: (text) => {
      if (!output.isTTY) print(`${new Date().toISOString()}  ${text}`)
    },
    end: async () => {
      // After Ctrl-C it has ended by itself.
      program.kill()
      await exited
    },
  }
}

/** Otherwise it would wait for us for ever where we are killed. */
const ENDS_WITH_US = 'data:text/javascript,process.on("disconnect",()=>process.exit())'

const findProgram = (): string => {
  const require = createRequire(import.meta.url)
  const manifest = require.resolve('@conn-hub/inspector/package.json')
  return join(dirname(manifest), require(manifest).bin['conn-hub-inspector'])
}
