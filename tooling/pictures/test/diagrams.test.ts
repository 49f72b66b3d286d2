import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { drawLayers } from '../src/layers.js'
import { drawStates } from '../src/states.js'
import { findSteps } from '../src/steps.js'

const root = new URL('../../../', import.meta.url)
const stored = (path: string) => readFileSync(new URL(path, root), 'utf8')

// After a change: `npx -y pnpm@10 pictures --diagrams`.

it('the stored diagram of the states is the one that the code draws', async () => {
  expect(stored('packages/core/states.svg')).toBe(await drawStates())
})

// All packages are read for it: on a busy machine it takes more than the 20 s that others have.
it('the stored diagram of the layers is the one that the code draws', async () => {
  const drawn = await drawLayers()
  expect(stored('tooling/layers/layers.svg')).toBe(drawn)
  expect(drawn).toContain('<title>ssb&#45;conn&#45;hub&#45;&gt;core</title>')
})

it('the steps are those of the table of states', () => {
  const lines = findSteps().map(
    ({ from, input, to, event }) => `${from}: ${input} > ${to}: ${event}`,
  )
  expect(lines).toEqual([
    'none: dial begins > connecting: connecting',
    'none: session opens > connected: connected',
    'connecting: session opens > connected: connected',
    'connecting: attempt fails > none: connecting-failed',
    'connecting: close asked > disconnecting: disconnecting',
    'connected: close asked > disconnecting: disconnecting',
    'connected: last session closes > none: disconnected',
    'disconnecting: close fails > connected: disconnecting-failed',
    'disconnecting: last session closes > none: disconnected',
  ])
})
