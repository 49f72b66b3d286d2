import { readdir, readFile } from 'node:fs/promises'
import * as core from '@conn-hub/core'
import * as view from '@conn-hub/core/view'
import { describe, expect, it } from 'vitest'

const src = new URL('../src/', import.meta.url)

describe('the package', () => {
  it('exports these names, and no others', () => {
    expect(Object.keys(core).sort()).toEqual([
      'HubError',
      'acceptor',
      'createHub',
      'decorate',
      'dialer',
      'isHubError',
      'printable',
      'toPlain',
      'withOutcome',
    ])
  })

  it('exports one function for views, by an entry of its own', () => {
    expect(Object.keys(view)).toEqual(['createView'])
  })

  it('has no dependency', async () => {
    const manifest = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'))
    expect([manifest.dependencies, manifest.peerDependencies]).toEqual([undefined, undefined])
  })

  it('imports nothing but its own files, so that it runs in a browser too', async () => {
    const files = (await readdir(src, { recursive: true })).filter((file) => file.endsWith('.ts'))
    const imports = new Set<string>()
    for (const file of files) {
      const here = new URL(file, src)
      const text = await readFile(here, 'utf8')
      for (const [, from = ''] of text.matchAll(/(?:from|import|require)\s*\(?\s*['"]([^'"]+)/g)) {
        imports.add(from.startsWith('.') ? new URL(from, here).href : from)
      }
    }
    const own = new Set(files.map((file) => new URL(file.replace(/\.ts$/, '.js'), src).href))
    expect([...imports].filter((from) => !own.has(from))).toEqual([])
    expect(imports.size).toBeGreaterThan(10)
  })
})
