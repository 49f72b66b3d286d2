// By hand: node packages/policies/test/figures.js
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'

const folder = mkdtempSync(join(tmpdir(), 'figures-'))

/** What a process of its own measures. */
const run = (name, ...given) => {
  const options = ['--max-old-space-size=1024', '--expose-gc', join(folder, `${name}.mjs`)]
  return JSON.parse(execFileSync(process.execPath, [...options, ...given], { encoding: 'utf8' }))
}

/** How much more the stack takes, by turns with the hub alone. */
const stack = (what, entries) => {
  const more = Array.from({ length: 5 }, () => {
    const bare = run('stack', 'bare', what, entries)
    return run('stack', 'stack', what, entries) - bare
  }).sort((a, b) => a - b)
  const [best, , middle, , worst] = more.map((each) => each.toFixed(1))
  console.log(`${what}, ${entries} entries: ${middle} µs of CPU more (${best} to ${worst})`)
}

/** What `prune()` takes for a look at one session, and for a look round at all of them. */
const prune = (sessions) => {
  const all = Array.from({ length: 3 }, () => run('prune', sessions))
  const [, { bytes, timers, round, look }] = all.sort((a, b) => a.round - b.round)
  const figures = `${bytes.toFixed(0)} bytes each, ${look.toFixed(1)} µs a look, ${(round / 1e3).toFixed(1)} ms a round`
  console.log(`prune, ${sessions} sessions: ${timers} timer, ${figures}`)
}

try {
  await build({
    entryPoints: ['stack', 'prune'].map(
      (name) => new URL(`figures/${name}.ts`, import.meta.url).pathname,
    ),
    outdir: folder,
    bundle: true,
    format: 'esm',
    platform: 'node',
    conditions: ['@conn-hub/source'],
    outExtension: { '.js': '.mjs' },
  })
  for (const what of ['dial', 'inbound'])
    for (const entries of ['100', '10000']) stack(what, entries)
  for (const sessions of ['10000', '100000']) prune(sessions)
} finally {
  rmSync(folder, { recursive: true })
}
