import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { blocksOf } from '@conn-hub/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { openStream } from './support.js'

const page = new URL('../README.md', import.meta.url)
const ADDRESS = /^Open http:\/\/127\.0\.0\.1:\d+\/[\w-]{43}\/\n$/

it('prints with the first example of the README what the README says, and goes on to serve it', async () => {
  const [example = ''] = blocksOf(page, 'js')
  expect(blocksOf(page, 'text')[0]).toMatch(ADDRESS)
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  const child = spawn(process.execPath, ['--input-type=module', '-e', example], { cwd })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [printed] = await once(child.stdout.setEncoding('utf8'), 'data')
  expect(printed).toMatch(ADDRESS)
  const reader = await openStream(printed.slice('Open '.length).trim())
  await reader.heard(5)
  expect(child.exitCode).toBe(null)
})
