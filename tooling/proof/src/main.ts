import { Command } from 'commander'
import { addFuzz } from './fuzz/command.js'
import { addModel } from './model/command.js'
import { addSoak } from './soak/command.js'
import { addTurmoil } from './turmoil/command.js'

const program = new Command('proof').description(
  'Holds the hub under fire. Each command says which seed or option repeats what it did.',
)
for (const add of [addModel, addTurmoil, addSoak, addFuzz]) add(program)
await program.parseAsync()
