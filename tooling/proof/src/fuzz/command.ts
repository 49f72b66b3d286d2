import type { Command } from 'commander'

export const addFuzz = (program: Command): void => {
  program.command('fuzz')
}
