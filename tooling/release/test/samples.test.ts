import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { blocksOf } from '@conn-hub/testkit'
import { typeFaultsOf } from '@conn-hub/testkit/types'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** Pages whose first program is pasted into a TypeScript file as well, each with a folder that has what it imports. */
const TYPED = {
  'README.md': 'tooling/example-chat',
  'packages/inspector/record/README.md': 'packages/inspector',
  ...Object.fromEntries(
    [
      ...['async-iterator', 'core', 'fleet', 'inspector', 'keeper', 'opentelemetry', 'policies'],
      ...['pull-stream', 'websocket'],
    ].map((name) => [`packages/${name}/README.md`, `packages/${name}`]),
  ),
}

const firstProgramOf = (page: string): string => {
  const blocks = blocksOf(new URL(page, new URL(`file://${root}`)), 'js')
  const first = blocks.find((code) => code.startsWith('import '))
  if (first === undefined) throw new Error(`${page} begins with no program`)
  return first
}

it('the first program of a page is TypeScript as it stands', { timeout: 300_000 }, () => {
  const folders: string[] = []
  try {
    const pages = new Map(
      Object.entries(TYPED).map(([page, place]) => {
        const folder = mkdtempSync(`${root}${place}/test/sample-`)
        folders.push(folder)
        writeFileSync(`${folder}/sample.mts`, firstProgramOf(page))
        return [`${folder}/sample.mts`, page]
      }),
    )
    const faults = typeFaultsOf([...pages.keys()], ['node']).map(({ file, message }) => [
      pages.get(file) ?? file,
      message,
    ])
    expect(faults).toEqual([])
  } finally {
    for (const folder of folders) rmSync(folder, { recursive: true })
  }
})
