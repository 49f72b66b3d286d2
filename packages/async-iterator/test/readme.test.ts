import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { expect, it, vi } from 'vitest'

/** The first block of code of the README in this language. */
const block = (language: string): string => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const code = readme.split(`\`\`\`${language}\n`)[1]?.split('```')[0]
  if (!code) throw new Error(`the README has no ${language} block`)
  return code
}

it('prints with the first example of the README what the README says', async () => {
  // In this folder the example finds the packages that it imports.
  const file = new URL('readme-example.tmp.js', import.meta.url)
  const lines: unknown[] = []
  vi.spyOn(console, 'log').mockImplementation((...words) => lines.push(words.join(' ')))
  writeFileSync(file, block('js'))
  try {
    await import(file.pathname)
  } finally {
    rmSync(file)
  }
  expect(`${lines.join('\n')}\n`).toBe(block('text'))
})
