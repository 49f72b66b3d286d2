import { it } from 'vitest'
import { chance } from './chance.js'
import { runModel } from './run.js'

it('holds the hub to its contract while the code that it calls calls it too', () =>
  runModel({ mode: 'reentrant', ...chance }))
