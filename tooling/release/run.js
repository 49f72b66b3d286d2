import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import colors from 'picocolors'
import { check } from './src/check.js'
import { Refusal, readRepository } from './src/owner.js'
import { pack } from './src/pack.js'
import { publish } from './src/publish.js'

const { dryRun } = new Command('release')
  .description(
    'Packs and checks every public package, and publishes those that the registry lacks.',
  )
  .option('--dry-run', 'shows and checks what would be published, and publishes nothing', false)
  .parse()
  .opts()

if (process.platform === 'win32') {
  throw new Error('It starts pnpm and npm as Linux and macOS do. On Windows take WSL.')
}

const root = fileURLToPath(new URL('../../', import.meta.url))
/** @param {string} path */
const readManifest = (path) => JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'))

/** @type {string[]} */
const problems = []

const readOwner = () => {
  try {
    return readRepository(readManifest('.'))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    problems.push(error.message)
    return undefined
  }
}

const directories = readdirSync(join(root, 'packages'))
  .map((name) => `packages/${name}`)
  .filter((directory) => !readManifest(directory).private)

/** @param {string} folder */
const packAll = async (folder) => {
  const repository = readOwner()
  const all = []
  for (const [index, directory] of directories.entries()) {
    const into = join(folder, String(index))
    await mkdir(into)
    const packed = await pack(root, directory, repository, into)
    const found = await check(packed)
    const mark = found.length === 0 ? colors.green('✓') : colors.red('✗')
    const kilobytes = (packed.bytes / 1000).toFixed(1)
    console.log(
      `${mark} ${packed.name} ${packed.version}: ${kilobytes} kB, ${packed.files.size} files`,
    )
    problems.push(...found.map((problem) => `${packed.name}: ${problem}`))
    all.push(packed)
  }
  return all
}

const folder = await mkdtemp(join(tmpdir(), 'release-'))
try {
  const all = await packAll(folder)
  if (problems.length === 0 && !dryRun) for (const packed of all) await publish(packed)
} finally {
  await rm(folder, { recursive: true })
}
for (const problem of problems) console.error(colors.red(problem))
if (problems.length > 0) {
  console.error('Nothing is published before these are gone.')
  process.exitCode = 1
}
