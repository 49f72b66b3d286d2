import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'

const root = new URL('../../../', import.meta.url)
const read = (path: string) => readFile(new URL(path, root), 'utf8')
const versionOf = async (name: string): Promise<string> => {
  const { version } = JSON.parse(
    await read(`packages/${name.replace('@conn-hub/', '')}/package.json`),
  )
  return version
}

it('packages that are released together have one version', async () => {
  const { fixed } = JSON.parse(await read('.changeset/config.json')) as { fixed: string[][] }
  expect(fixed.length).toBeGreaterThan(0)
  for (const group of fixed) {
    const versions = await Promise.all(group.map(versionOf))
    expect(versions, group.join()).toEqual(group.map(() => versions[0]))
  }
})

it.each(['README.md', 'packages/ssb-conn-hub/README.md'])(
  'the line of %s that replaces ssb-conn-hub names the version of today',
  async (readme) => {
    const lines = [...(await read(readme)).matchAll(/npm:@conn-hub\/ssb-conn-hub@\^([\d.]+)/g)]
    expect(lines.length).toBeGreaterThan(0)
    const version = await versionOf('ssb-conn-hub')
    expect(lines.map(([, said]) => said)).toEqual(lines.map(() => version))
  },
)
