import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import * as core from '@conn-hub/core'
import * as adapter from '@conn-hub/secret-stack'
import { findPort, generateKeys, loadSecretStack, until } from '@conn-hub/testkit'
import { expect, it } from 'vitest'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

const openTcpIsNone = (): boolean =>
  !process.getActiveResourcesInfo().some((name) => name.startsWith('TCP'))

/** What the example may load. */
const modules: Record<string, unknown> = {
  'node:crypto': { randomBytes },
  'node:events': { once },
  '@conn-hub/core': core,
  '@conn-hub/secret-stack': adapter,
  'secret-stack': loadSecretStack(),
  'ssb-keys': { generate: generateKeys },
}

it('the first example runs, and prints what the page says', async () => {
  const [, example = ''] = /```js\n(.*?)```/s.exec(readme) ?? []
  const [alice, bob] = [await findPort(), await findPort()]
  // The ports of the page may be taken on this machine.
  const program = example.replace('8008', `${alice}`).replace('8009', `${bob}`)
  const logged: string[][] = []
  const log = (...words: string[]) => logged.push(words)
  new Function('require', 'console', program)((name: string) => modules[name], { log })
  await until(() => logged.length === 5, 'the example has printed its five lines')
  expect(logged.map(([word]) => word)).toEqual([
    'connecting',
    'connected',
    'hello',
    'disconnecting',
    'disconnected',
  ])
  const [address, ofConnected, id] = logged.map(([, what]) => what)
  expect(address).toMatch(new RegExp(`^net:127\\.0\\.0\\.1:${bob}~shs:[\\w/+]{43}=$`))
  expect(ofConnected).toBe(address)
  expect(id).toBe(`@${address?.split('~shs:')[1]}.ed25519`)
  await until(openTcpIsNone, 'the example has closed its sbots')
})

it('names every code that the adapter gives', () => {
  for (const code of ['NOT_READY', 'INVALID_ADDRESS', 'ADDRESS_TOO_LONG']) {
    expect(readme).toContain(`| \`${code}\``)
  }
})
