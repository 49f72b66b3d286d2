import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { drawLayers } from './layers.js'
import { photograph } from './photograph.js'
import { drawStates } from './states.js'

const folder = fileURLToPath(new URL('../../../packages/inspector/pictures', import.meta.url))
mkdirSync(folder, { recursive: true })
writeFileSync(`${folder}/layers.svg`, drawLayers())
writeFileSync(`${folder}/states.svg`, drawStates())
if (!process.argv.includes('--diagrams')) await photograph(folder)
