import { it } from 'vitest'
import { chance } from './chance.js'
import { runModel } from './run.js'

it('finds the hub as the oracle foretells it', () => runModel({ mode: 'sequential', ...chance }))
