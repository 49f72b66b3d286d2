import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import type { Found } from './find.js'

const run = promisify(execFile)

const REPOSITORY = fileURLToPath(new URL('../../../../', import.meta.url))
const PROOF = join(REPOSITORY, 'tooling/proof')
const FOLDER = join(PROOF, 'breaks')
const CORE = 'packages/core/src'

/** A fault of core, as a patch that is kept. */
export interface Break {
  readonly name: string
  /** What goes wrong by it, in one sentence. */
  readonly what: string
}

export const listBreaks = async (): Promise<Break[]> => {
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.patch')).sort()
  return Promise.all(
    files.map(async (file) => {
      const [what = ''] = (await readFile(join(FOLDER, file), 'utf8')).split('\n')
      return { name: file.slice(0, -'.patch'.length), what }
    }),
  )
}

/** Whether the patch can be applied to core; what stands against it, if anything. */
export const fitsCore = (name: string): Promise<string | undefined> =>
  run('git', ['apply', '--check', fileOf(name)], { cwd: REPOSITORY }).then(
    () => undefined,
    ({ message }) => message,
  )

/** Plays the turmoil on a copy of core that has this fault, in a process of its own. Undefined: no seed has found it. */
export const tryBreak = async (name: string, seeds: number): Promise<Found | undefined> => {
  const copy = await mkdtemp(join(tmpdir(), 'conn-hub-break-'))
  try {
    await cp(join(REPOSITORY, CORE), join(copy, CORE), { recursive: true })
    await run('git', ['apply', fileOf(name)], { cwd: copy })
    const program = join(copy, 'find.mjs')
    await bundle(join(copy, CORE, 'index.ts'), seeds, program)
    const { stdout } = await run(process.execPath, [program], { maxBuffer: 2 ** 26 })
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? 'null') ?? undefined
  } finally {
    await rm(copy, { recursive: true })
  }
}

const fileOf = (name: string): string => join(FOLDER, `${name}.patch`)

const bundle = (core: string, seeds: number, outfile: string) =>
  build({
    stdin: {
      contents: `import { findFailure } from './find.ts'
        console.log(JSON.stringify((await findFailure(${seeds})) ?? null))`,
      resolveDir: join(PROOF, 'src/turmoil'),
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['@conn-hub/source'],
    alias: { '@conn-hub/core': core },
    // fake-timers is CommonJS, and asks for node: modules.
    banner: {
      js: `import { createRequire } from 'node:module'; const require = createRequire('${PROOF}/')`,
    },
    logLevel: 'error',
  })
