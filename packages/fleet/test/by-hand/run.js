// node packages/fleet/test/by-hand/run.js NAME …: bundles a script of this folder from the sources, and runs it.
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const [name = 'figures', ...rest] = process.argv.slice(2)
const path = (to) => fileURLToPath(new URL(to, import.meta.url))
// Beside the other tests, where it finds the packages and the bundles of its own.
const file = path(`../${name}-${process.pid}.tmp.js`)
await build({
  entryPoints: [path(`${name}.ts`)],
  outfile: file,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node18',
  packages: 'external',
  // What a script has begun ends with it, also where it is told to end.
  banner: { js: "process.once('SIGTERM', () => process.exit(1))" },
  alias: {
    '@conn-hub/core': path('../../../core/src/index.ts'),
    '@conn-hub/testkit': path('small-testkit.ts'),
  },
})
const child = spawn(process.execPath, ['--expose-gc', '--max-old-space-size=8192', file, ...rest], {
  stdio: 'inherit',
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill('SIGTERM'))
child.on('exit', (status) => {
  rmSync(file, { force: true })
  process.exitCode = status ?? 1
})
