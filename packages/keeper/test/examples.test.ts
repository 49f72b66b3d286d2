import { readdir, readFile } from 'node:fs/promises'
import { createMemoryNetwork } from '@conn-hub/conformance'
import { createHub } from '@conn-hub/core'
import { examplesIn, runExample, typeErrorsOf } from '@conn-hub/testkit/examples'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { createKeeper } from '../src/index.js'
import { probe, watchLiveness } from '../src/liveness/index.js'

const src = new URL('../src/', import.meta.url)
const files = (await readdir(src, { recursive: true })).filter((file) => file.endsWith('.ts'))
const texts = await Promise.all(files.map((file) => readFile(new URL(file, src), 'utf8')))
const examples = examplesIn(src)

const DECLARATIONS = `
import type { Hub } from '@conn-hub/core'
import { createKeeper, type Keeper, type Online } from '@conn-hub/keeper'
import { type Liveness, probe, watchLiveness } from '@conn-hub/keeper/liveness'
declare const hub: Hub<{ send(message: unknown): void }>
declare const keeper: Keeper
declare const liveness: Liveness<unknown>
declare const wifi: { isUp: boolean; onChange(listener: () => void): () => void }
export {}
`

const run = async (code: string) => {
  const network = createMemoryNetwork()
  const others = ['bob', 'anna'].map((name) => createHub({ transport: network.endpoint(name) }))
  const hub = createHub({ transport: network.endpoint('me') })
  const names = {
    hub,
    createKeeper,
    watchLiveness,
    probe,
    keeper: createKeeper(hub),
    liveness: watchLiveness(hub),
    wifi: { isUp: true, onChange: () => () => {} },
  }
  try {
    await runExample(code, names)
  } finally {
    await Promise.all([hub, ...others].map((each) => each.close()))
  }
}

describe('the examples of the public types', () => {
  it('are found', () => {
    expect(examples.length).toBeGreaterThanOrEqual(12)
  })

  it.each(examples)('$name runs', async ({ code }) => {
    await run(code)
  })

  it.each(['keeper.kep("mem:bob")', 'throw new Error("x")'])('would fail with %s', async (code) => {
    await expect(run(code)).rejects.toThrow()
  })

  it('compile, each in a block of its own', () => {
    expect(typeErrorsOf(examples, DECLARATIONS, new URL('.', import.meta.url))).toEqual([])
  })
})

describe('prose', () => {
  it('is on every member of each public interface', () => {
    const bare = files.flatMap((file, i) => {
      if (!file.startsWith('model/')) return []
      const source = ts.createSourceFile(file, texts[i] ?? '', ts.ScriptTarget.ES2022, true)
      return source.statements
        .filter(ts.isInterfaceDeclaration)
        .flatMap((node) =>
          [node, ...node.members]
            .filter((each) => ts.getJSDocCommentsAndTags(each).length === 0)
            .map((each) => `${node.name.text}: ${each.getText().slice(0, 40)}`),
        )
    })
    expect(bare).toEqual([])
  })
})
