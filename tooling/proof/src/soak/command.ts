import type { Command } from 'commander'

export const addSoak = (program: Command): void => {
  program.command('soak')
}
