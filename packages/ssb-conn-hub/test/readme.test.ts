import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findPort } from '@conn-hub/testkit'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const block = (text: string, language: string): string =>
  text.match(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 's'))?.[1] ?? ''

it('the first example of the README prints what the README says, and ends by itself', async () => {
  const readme = await readFile(join(root, 'README.md'), 'utf8')
  // Its ports may be taken here.
  const [one, two] = [await findPort(), await findPort()]
  const program = block(readme, 'js')
    .replaceAll('40101', String(one))
    .replaceAll('40102', String(two))
  const run = promisify(execFile)(process.execPath, ['-e', program], { cwd: root, timeout: 15_000 })
  const { stdout, stderr } = await run
  expect(stderr).toBe('')
  expect(stdout).toBe(block(readme, 'text'))
})
