import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { explore } from '../src/index.js'
import { bundle } from './bundle.js'
import { turmoil } from './turmoil.js'

const run = promisify(execFile)

/** What a program prints that imports our sources. */
const printedBy = async (code: string, ...args: string[]): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'conn-hub-jobs-'))
  try {
    const program = join(folder, 'program.mjs')
    await writeFile(program, await bundle(code, 'node'))
    const { stdout } = await run(process.execPath, [program, ...args])
    return stdout
  } finally {
    await rm(folder, { recursive: true })
  }
}

const begin = `
  import { explore } from '../src/index.ts'
  import { turmoil } from './turmoil.ts'
  console.log('begins')
  const print = () => {}
`

it('many threads come to the same hash as one', async () => {
  const options = { seeds: 7, from: 3, duration: 10_000 }
  const alone = await explore({ ...options, print: () => {} }, turmoil)
  const printed = await printedBy(`${begin}
    const options = { ...${JSON.stringify(options)}, print, jobs: 3, module: import.meta.url }
    console.log(JSON.stringify(await explore(options, turmoil)))
  `)
  // The module runs four times, and prints once.
  expect(printed).toBe(`begins\n${JSON.stringify(alone)}\n`)
})

it('a failure in a thread is explained by the one who began it', async () => {
  const printed = await printedBy(`${begin}
    const scenario = (world) => {
      if (world.seed === 5) throw new Error('on purpose')
    }
    const options = { seeds: 20, duration: 1_000, jobs: 2, module: import.meta.url }
    await explore(options, scenario).catch(({ code }) => console.log(code))
  `)
  expect(printed).toMatch(/^begins\nSeed 5, after .*: the scenario threw: Error: on purpose\n/)
  expect(printed).toMatch(/SCENARIO_FAILED\n$/)
})

it('a module that comes to another explore() first is refused', async () => {
  const printed = await printedBy(`${begin}
    const options = (seeds) => ({ seeds, duration: 1_000, print, jobs: 2, module: import.meta.url })
    await explore(options(2), () => {})
    await explore(options(3), () => {}).catch(({ code, message }) => console.log(code, message))
  `)
  expect(printed).toMatch(/^begins\nINVALID_OPTION The option "module" must be a module that comes/)
})

it('a thread that breaks is told', async () => {
  const printed = await printedBy(`${begin}
    import { isMainThread } from 'node:worker_threads'
    if (!isMainThread) throw new Error('this module does not run in threads')
    const options = { seeds: 2, duration: 1_000, print, jobs: 2, module: import.meta.url }
    await explore(options, () => {}).catch(({ message }) => console.log(message))
  `)
  expect(printed).toBe('begins\nthis module does not run in threads\n')
})

it.each([
  ['by process.exit()', 'process.exit(3)', 3],
  ['without coming to explore()', 'await new Promise(() => {})', 13],
])('a thread that ends %s is told', async (_, ending, code) => {
  const printed = await printedBy(`${begin}
    import { isMainThread } from 'node:worker_threads'
    if (!isMainThread) ${ending}
    const options = { seeds: 2, duration: 1_000, print, jobs: 2, module: import.meta.url }
    await explore(options, () => {}).catch(({ code, message }) => console.log(code, message))
  `)
  expect(printed).toMatch(/^begins\nJOB_ENDED A thread has ended before all its seeds were played/)
  expect(printed).toContain(`with the exit code ${code}`)
})

it('threads are given the arguments of the program', async () => {
  const printed = await printedBy(
    `${begin}
    const scenario = (world) => world.note(process.argv[2])
    const options = { seeds: 4, duration: 1_000, print, module: import.meta.url }
    const { hash } = await explore({ ...options, jobs: 2 }, scenario)
    console.log(hash === (await explore(options, scenario)).hash)
  `,
    'an argument',
  )
  expect(printed).toBe('begins\ntrue\n')
})
