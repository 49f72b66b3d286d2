import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { blocksOf, findPort } from '@conn-hub/testkit'
import { expect, it } from 'vitest'

const page = new URL('../README.md', import.meta.url)
// The one that its readers get; the tests with ssb-conn have an older one.
const SECRET_STACK_8 = fileURLToPath(
  new URL('../../../tooling/testkit/node_modules/secret-stack-8.1', import.meta.url),
)

it('the first example of the README prints what the README says, and ends by itself', async () => {
  const [example = ''] = blocksOf(page, 'js')
  // Its ports may be taken here.
  const [one, two] = [await findPort(), await findPort()]
  const program = example
    .replaceAll('40101', `${one}`)
    .replaceAll('40102', `${two}`)
    .replace("'secret-stack'", JSON.stringify(SECRET_STACK_8))
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['-e', program], { cwd })
  expect(stderr).toBe('')
  expect(stdout).toBe(blocksOf(page, 'text')[0])
})
