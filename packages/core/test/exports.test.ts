import { readdir, readFile } from 'node:fs/promises'
import * as core from '@conn-hub/core'
import { describe, expect, it } from 'vitest'

const src = new URL('../src/', import.meta.url)

describe('the package', () => {
  it('exports these names, and no others', () => {
    expect(Object.keys(core).sort()).toEqual([
      'HubError',
      'createHub',
      'dialer',
      'isHubError',
      'printable',
    ])
  })

  it('has no dependency', async () => {
    const manifest = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'))
    expect([manifest.dependencies, manifest.peerDependencies]).toEqual([undefined, undefined])
  })

  it('imports nothing but its own files, so that it runs in a browser too', async () => {
    const files = await readdir(src)
    const imports = new Set<string>()
    for (const file of files) {
      const text = await readFile(new URL(file, src), 'utf8')
      for (const [, from = ''] of text.matchAll(/(?:from|import|require)\s*\(?\s*['"]([^'"]+)/g)) {
        imports.add(from)
      }
    }
    const own = new Set(files.map((file) => `./${file.replace(/\.ts$/, '.js')}`))
    expect([...imports].filter((from) => !own.has(from))).toEqual([])
    expect(imports.size).toBeGreaterThan(10)
  })
})
