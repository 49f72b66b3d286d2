import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import ts from 'typescript'
import { afterAll, beforeAll, expect, it } from 'vitest'

// The sources import nothing but each other, so each can be compiled alone, and no build is needed.
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'conn-hub-core-'))
  await writeFile(join(folder, 'package.json'), '{"type":"module"}')
  const src = new URL('../src/', import.meta.url)
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 }
  const files = (await readdir(src, { recursive: true })).filter((file) => file.endsWith('.ts'))
  for (const file of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true })
    const source = await readFile(new URL(file, src), 'utf8')
    const { outputText } = ts.transpileModule(source, { compilerOptions })
    await writeFile(join(folder, file.replace(/\.ts$/, '.js')), outputText)
  }
})
afterAll(() => rm(folder, { recursive: true }))

/** What a process prints that runs this code and is left alone. Fails where it has not ended by itself after a minute. */
const run = async (code: string): Promise<string> => {
  const main = join(folder, 'main.js')
  await writeFile(main, `import { createHub } from './index.js'\n${code}`)
  const { stdout } = await promisify(execFile)(process.execPath, [main], { timeout: 60_000 })
  return stdout
}

const HOUR = 3_600_000
const SETUP = `
  const describe = () => ({})
  const session = { handle: 1, direction: 'inbound', close: () => {}, onClosed: () => {} }
  let accept
  const listen = (it) => { accept = it; return () => {} }
  const transport = { describe, dial: () => {}, listen }
  const hub = createHub({ transport, dialTimeout: ${HOUR}, closeTimeout: ${HOUR} })
  process.on('exit', () => console.log(hub.size, 'left'))
`

it('10 a dial that nobody answers does not keep a process alive', async () => {
  const code = `${SETUP} hub.connect('x').then(console.log, console.log)`
  expect(await run(code)).toBe('1 left\n')
})

it('10 a disconnect that never ends does not keep a process alive', async () => {
  const code = `${SETUP} accept({ address: 'x', session }); hub.disconnect('x')`
  expect(await run(code)).toBe('1 left\n')
})

it('10 a hub that was closed does not keep a process alive, also with sessions that stay open', async () => {
  const code = `${SETUP} accept({ address: 'x', session }); hub.connect('y').catch(() => {})
    hub.close().then(() => console.log('never'))`
  expect(await run(code)).toBe('0 left\n')
})
