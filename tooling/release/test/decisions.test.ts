import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const root = new URL('../../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')

/** `- [title](path)` for each decision, package by package, oldest first. */
const lines = (['packages', 'tooling'] as const).flatMap((folder) =>
  readdirSync(new URL(folder, root))
    .flatMap((name) => decisionsIn(`${folder}/${name}/decisions/`))
    .map((path) => `- [${/^# (.+)/.exec(read(path))?.[1]}](${path})`),
)

function decisionsIn(folder: string): string[] {
  try {
    return readdirSync(new URL(folder, root)).map((file) => folder + file)
  } catch {
    return []
  }
}

it('CONTRIBUTING lists every decision by its title', () => {
  const listed = read('CONTRIBUTING.md').match(/^- \[.+\]\(\S+\/decisions\/\S+\)$/gm)
  expect(listed).toEqual(lines)
})
