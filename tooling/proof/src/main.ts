import { Command } from 'commander'
import { addProperties } from './properties.js'
import { addSoak } from './soak/command.js'
import { addTurmoil } from './turmoil/command.js'

const program = new Command('proof').description(
  'Holds the hub under fire. Each command says which seed or option repeats what it did.',
)
addProperties(program, {
  name: 'model',
  description: 'Plays stories by chance on the hub, in fake time, and holds it to its contract.',
  what: 'stories of each mode',
  runs: 10_000,
  tests: ['sequential', 'reentrant'].map((mode) => `tooling/proof/test/model/${mode}.test.ts`),
})
addProperties(program, {
  name: 'fuzz',
  description: 'Gives the packages what peers and transports may send, and calls wrong.',
  what: 'inputs of each property',
  runs: 20_000,
  tests: ['tooling/proof/test/fuzz'],
})
addTurmoil(program)
addSoak(program)
await program.parseAsync()
