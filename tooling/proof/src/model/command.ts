import type { Command } from 'commander'

export const addModel = (program: Command): void => {
  program.command('model')
}
