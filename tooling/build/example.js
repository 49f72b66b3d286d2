import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'

// Builds an example with what it needs, and becomes it: `pnpm example NAME [arguments of the example]`.

const root = fileURLToPath(new URL('../../', import.meta.url))
const names = readdirSync(`${root}tooling`)
  .filter((folder) => folder.startsWith('example-'))
  .map((folder) => folder.slice('example-'.length))

const [name, ...rest] = process.argv.slice(2)
if (!name || !names.includes(name)) {
  console.error(
    `${name ? `There is no example "${name}".` : 'Which one?'} There are: ${names.join(', ')}.`,
  )
  process.exit(2)
}

const { status } = spawnSync(
  process.execPath,
  [
    `${root}node_modules/turbo/bin/turbo`,
    'run',
    'build',
    `--filter=@conn-hub/example-${name}`,
    '--output-logs=errors-only',
    '--log-prefix=none',
  ],
  { cwd: root, stdio: 'inherit' },
)
if (status !== 0) process.exit(status ?? 1)

const program = `${root}tooling/example-${name}/dist/main.js`
process.argv = [process.execPath, program, ...rest]
await import(pathToFileURL(program).href)
