import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { photograph } from './photograph.js'

const folder = fileURLToPath(new URL('../../../packages/inspector/pictures', import.meta.url))
mkdirSync(folder, { recursive: true })
await photograph(folder)
