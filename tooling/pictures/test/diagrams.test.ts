import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readHouse } from '../src/house.js'
import { drawLayers } from '../src/layers.js'
import { drawStates } from '../src/states.js'
import { findSteps } from '../src/steps.js'

const root = new URL('../../../', import.meta.url)
const stored = (path: string) => readFileSync(new URL(path, root), 'utf8')

describe('the diagrams that are stored', () => {
  // After a change: `npx -y pnpm@10 pictures --diagrams`.
  it('are those that the code draws', () => {
    expect(stored('packages/core/states.svg')).toBe(drawStates())
    expect(stored('tooling/layers/layers.svg')).toBe(drawLayers())
  })
})

it('the steps are those of the table in the design', () => {
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

it('core stands below all, and facades know its types alone', () => {
  const house = readHouse(root.pathname)
  const of = (name: string) => house.find(({ folder }) => folder === name)
  expect(of('core')).toMatchObject({ rank: 0, needs: [] })
  expect(of('core')?.rules).toContain('core stands alone')
  expect(of('pull-stream')).toMatchObject({ rank: 1, typesOf: ['core'] })
  expect(of('secret-stack')).toMatchObject({ rank: 1, typesOf: [] })
  expect(of('ssb-conn-hub')).toMatchObject({ rank: 2 })
})
