import { readFile, writeFile } from 'node:fs/promises'
import { loadPeer } from '../peers.js'
import type { Report } from '../report.js'
import { growthChart } from './growth.js'
import { memoryChart } from './memory.js'
import { ratiosChart } from './ratios.js'

interface Vega {
  parse(spec: unknown): unknown
  View: new (runtime: unknown, options: { renderer: 'none' }) => { toSVG(): Promise<string> }
}
interface VegaLite {
  compile(spec: unknown): { spec: unknown }
}

// node draw.js RESULTS: draws the charts beside the results.
const file = process.argv[2] as string
const report: Report = JSON.parse(await readFile(file, 'utf8'))
const { parse, View } = await loadPeer<Vega>('vega')
const { compile } = await loadPeer<VegaLite>('vega-lite')

const charts = { ratios: ratiosChart, growth: growthChart, memory: memoryChart }
for (const [name, chart] of Object.entries(charts)) {
  const { spec } = compile(chart(report))
  const svg = await new View(parse(spec), { renderer: 'none' }).toSVG()
  await writeFile(file.replace(/[^/\\]+$/, `${name}.svg`), `${svg}\n`)
}
