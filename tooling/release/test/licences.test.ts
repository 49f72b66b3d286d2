import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { installedIn, shippedFrom } from '../src/licences.js'

const root = fileURLToPath(new URL('../../../', import.meta.url)).replace(/\/$/, '')

const PERMISSIVE = new Set([
  'MIT',
  'ISC',
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'Unlicense',
  'Fair',
  'Python-2.0',
  'MIT OR Apache-2.0',
  '(MIT OR Apache-2.0)',
  '(MIT AND BSD-3-Clause)',
  '(MIT OR CC0-1.0)',
  '(BSD-2-Clause OR MIT OR Apache-2.0)',
])

/** What the tests run and nobody installs with our packages, each with what it is. */
const ONLY_IN_TESTS: Record<string, string> = {
  'ssb-room': 'AGPL-3.0',
  'ssb-room-client': 'LGPL-3.0',
  'ssb-network-errors': 'LGPL-3.0',
  'ssb-uri2': 'LGPL-3.0',
  'axe-core': 'MPL-2.0',
  lightningcss: 'MPL-2.0',
  'caniuse-lite': 'CC-BY-4.0',
  ed2curve: 'Public domain',
  // Its LICENSE is MIT's text.
  spawndamnit: 'SEE LICENSE IN LICENSE',
  // Their READMEs say MIT.
  multicb: 'none',
  statistics: 'none',
}

const isPermissive = ({ license }: { license: string }) => PERMISSIVE.has(license)

describe('the licences', () => {
  it('of all that a user installs with our packages are permissive', () => {
    const shipped = shippedFrom(root)
    expect(shipped.length).toBeGreaterThan(20)
    expect(shipped.filter((one) => !isPermissive(one))).toEqual([])
  })

  it('of all that is installed here are permissive, but for those that are named', () => {
    const installed = installedIn(root)
    expect(installed.length).toBeGreaterThan(300)
    const others = installed
      .filter((one) => !isPermissive(one))
      .filter(({ name, license }) => ONLY_IN_TESTS[name.replace(/-linux-.*/, '')] !== license)
    expect(others).toEqual([])
  })
})
