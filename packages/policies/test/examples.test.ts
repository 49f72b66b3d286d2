import { readdir, readFile } from 'node:fs/promises'
import { createMemoryNetwork } from '@conn-hub/conformance'
import * as core from '@conn-hub/core'
import ts from 'typescript'
import { describe, expect, it, vi } from 'vitest'
import * as policies from '../src/index.js'

const src = new URL('../src/', import.meta.url)
const files = (await readdir(src, { recursive: true })).filter((file) => file.endsWith('.ts'))
const texts = await Promise.all(files.map((file) => readFile(new URL(file, src), 'utf8')))

/** Everything behind `@example`, without the stars, by the name of what is declared below. */
const examples = texts.flatMap((text) =>
  [...text.matchAll(/@example\n((?: \*.*\n)+?) \*\/\nexport const (\w+)/g)].map(
    ([, code = '', name = '']) => ({ name, code: code.replace(/^ \* ?/gm, '') }),
  ),
)

const AsyncFunction = (async () => {}).constructor as new (
  ...parts: string[]
) => (...values: unknown[]) => Promise<void>

const run = async (code: string) => {
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  })
  const network = createMemoryNetwork()
  const bob = core.createHub({ transport: network.endpoint('bob') })
  const hub = core.createHub({ transport: network.endpoint('other') })
  const names = { ...core, ...policies, transport: network.endpoint('me'), hub }
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  vi.useFakeTimers({ shouldAdvanceTime: true, advanceTimeDelta: 1_000 })
  try {
    const run = new AsyncFunction(...Object.keys(names), `{\n${outputText}\n}`)
    await run(...Object.values(names))
    return log.mock.calls
  } finally {
    vi.useRealTimers()
    log.mockRestore()
    await Promise.all([bob.close(), hub.close()])
  }
}

describe('the examples of the public functions', () => {
  it('are there for each of them', () => {
    expect(examples.map(({ name }) => name).sort()).toEqual(Object.keys(policies).sort())
    expect(texts.join('').match(/@example/g)).toHaveLength(examples.length)
  })

  it.each(examples)('$name runs', async ({ code }) => {
    await run(code)
  })

  it('say what they say', async () => {
    const { code = '' } = examples.find(({ name }) => name === 'createExplainer') ?? {}
    expect(await run(code)).toEqual([['hub: not connected']])
  })

  it.each(['unknownName()', 'throw new Error("x")'])('would fail with %s', async (code) => {
    await expect(run(code)).rejects.toThrow()
  })
})
