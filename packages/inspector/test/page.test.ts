import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHub } from '@conn-hub/core'
import { createFaultTransport } from '@conn-hub/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { Access } from '../src/http/access.js'
import { readPage } from '../src/http/files.js'
import { createRoutes } from '../src/http/routes.js'
import { createShared } from '../src/http/shared.js'
import { journalOf } from '../src/journal.js'
import { ask, TOKEN } from './support.js'

const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'page-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

const servePage = async (folder: string): Promise<string> => {
  const hub = createHub({ transport: createFaultTransport() })
  const access = { token: TOKEN, host: '127.0.0.1', basePath: '/', allowedHosts: [] }
  const routes = createRoutes({
    ...{ hub, journal: journalOf(hub), access: new Access(access), page: readPage(folder) },
    ...{
      labelOf: () => undefined,
      texts: () => '',
      streams: new Set(),
      recording: undefined,
      pause: async () => {},
      shared: createShared(),
      pending: new Set(),
    },
    ...{ name: undefined, key: undefined, explain: undefined, fleet: undefined },
    allowControl: false,
    probes: { metrics: false, health: false },
  })
  const server = createServer(routes).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/${TOKEN}/`
}

it('serves the page, each file as what it is', async () => {
  const folder = newFolder()
  mkdirSync(join(folder, 'assets'))
  const files = {
    'index.html': ['', 'text/html; charset=utf-8', '<!doctype html>'],
    'assets/a.js': ['assets/a.js', 'text/javascript; charset=utf-8', 'let a = "ä"'],
    'assets/a.css': ['assets/a.css', 'text/css; charset=utf-8', 'a {}'],
    'assets/a.svg': ['assets/a.svg', 'image/svg+xml', '<svg/>'],
  }
  for (const [name, [, , text = '']] of Object.entries(files)) {
    writeFileSync(join(folder, name), text)
  }
  const url = await servePage(folder)
  for (const [asked = '', type, text] of Object.values(files)) {
    const { status, headers, body } = await ask(url + asked)
    expect([status, headers['content-type'], body]).toEqual([200, type, text])
  }
})

it('serves nothing but the files that it found at the start', async () => {
  const folder = newFolder()
  mkdirSync(join(folder, 'assets'))
  mkdirSync(join(folder, 'other'))
  writeFileSync(join(folder, 'index.html'), 'the page')
  writeFileSync(join(folder, 'other/secret.js'), 'secret')
  writeFileSync(join(folder, 'assets/secret.pem'), 'secret')
  symlinkSync('/etc/hostname', join(folder, 'assets/hostname'))
  const url = await servePage(folder)
  writeFileSync(join(folder, 'assets/late.js'), 'late')
  for (const path of [
    'index.html',
    'other/secret.js',
    'assets/secret.pem',
    'assets/hostname',
    'assets/late.js',
    'assets/',
    'assets/..%2fother%2fsecret.js',
    'constructor',
    '__proto__',
  ]) {
    expect([path, (await ask(url + path)).status]).toEqual([path, 404])
  }
})

it('says what to do where the page has not been built', async () => {
  const { status, body } = await ask(await servePage(join(newFolder(), 'none')))
  expect(status).toBe(503)
  expect(body).toMatch(/has not been built.*pnpm@10 build/)
})
