// By hand: node packages/policies/test/figures.js
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'

const folder = mkdtempSync(join(tmpdir(), 'figures-'))
const outfile = join(folder, 'figures.mjs')
try {
  await build({
    entryPoints: [new URL('figures.ts', import.meta.url).pathname],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    conditions: ['@conn-hub/source'],
  })
  execFileSync(process.execPath, ['--expose-gc', outfile], { stdio: 'inherit' })
} finally {
  rmSync(folder, { recursive: true })
}
