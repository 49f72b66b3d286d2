import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

// Usage: node tooling/types/run.js. Checks the types of all projects in tsconfig.json, in one process.
const here = new URL('.', import.meta.url)
const manifest = createRequire(import.meta.url).resolve('typescript/package.json')
const tsc = manifest.replace(/package\.json$/, 'bin/tsc')
// By force: a cache could hide an error.
const args = [tsc, '--build', '--force', fileURLToPath(here)]
const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' })

// What a next run without force would need.
const { references } = JSON.parse(readFileSync(new URL('tsconfig.json', here), 'utf8'))
for (const { path } of references) {
  const settings = path.endsWith('.json') ? path : `${path}/tsconfig.json`
  rmSync(new URL(settings.replace(/json$/, 'tsbuildinfo'), here), { force: true })
}
process.exitCode = status ?? 1
