import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { drawLayers } from './layers.js'
import { photograph } from './photograph.js'
import { drawStates } from './states.js'

const root = fileURLToPath(new URL('../../..', import.meta.url))

// Each lives with what it shows.
writeFileSync(`${root}/tooling/layers/layers.svg`, await drawLayers())
writeFileSync(`${root}/packages/core/states.svg`, await drawStates())
if (!process.argv.includes('--diagrams')) {
  const folder = `${root}/packages/inspector/pictures`
  mkdirSync(folder, { recursive: true })
  await photograph(folder)
}
