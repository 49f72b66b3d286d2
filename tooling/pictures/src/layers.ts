import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { draw } from './graphviz.js'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/** The packages as the layer check finds them, each above those that it imports. An open head: types alone. */
export const drawLayers = (): Promise<string> => {
  const found = execFileSync(
    process.execPath,
    [
      'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
      ...['--config', 'tooling/layers/rules.cjs', '--output-type', 'dot'],
      ...['--include-only', '^packages/[^/]+/src', '--collapse', '^packages/[^/]+', 'packages'],
    ],
    { cwd: ROOT, encoding: 'utf8' },
  )
  const edges = found.matchAll(
    /"packages\/([^"/]+)" -> "packages\/([^"/]+)"( \[arrowhead="onormal")?/g,
  )
  return draw(
    'The layers of the packages',
    'TB',
    [...edges].map(([, from, to, types]) => {
      const head = types ? ' [arrowhead="onormal"]' : ''
      return `"${from}" -> "${to}"${head}`
    }),
  )
}
