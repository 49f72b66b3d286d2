import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const folder = new URL('../src/', import.meta.url)

/** Each import or re-export of a source file: `type` where only types come through, and from where. */
const importsOf = (file: string): [kind: string, from: string][] => {
  const source = readFileSync(new URL(file, folder), 'utf8')
  const statements = source.matchAll(/^(import|export)( type)?\b[^'"`;=(]*?\sfrom '([^']+)'/gm)
  const calls = source.matchAll(/\b(?:import|require)\(\s*['"`]([^'"`]+)/g)
  return [
    ...[...statements].map(([, , type, from]): [string, string] => [
      type ? 'type' : 'value',
      `${from}`,
    ]),
    ...[...calls].map(([, from]): [string, string] => ['value', `${from}`]),
  ]
}

describe('the sources', () => {
  const files = readdirSync(folder)
  const imports = files.flatMap((file) => importsOf(file))

  it('import the types of core', () => {
    expect(imports).toContainEqual(['type', '@conn-hub/core'])
  })

  it('import nothing of core at run time, so that no second copy of it can arise', () => {
    expect(imports).not.toContainEqual(['value', '@conn-hub/core'])
  })

  it('import no package at run time', () => {
    const packages = imports.filter(([kind, from]) => kind === 'value' && !from.startsWith('./'))
    expect(packages).toEqual([])
  })
})
