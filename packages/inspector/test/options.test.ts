import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createHub } from '@conn-hub/core'
import { serveInspector } from '@conn-hub/inspector'
import { countSubscriptions, createFaultTransport, findPort } from '@conn-hub/testkit'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { ask } from './support.js'

const newHub = () => createHub({ transport: createFaultTransport() })

describe('serveInspector', () => {
  it.each([
    ['port', -1, 'a whole number from 0 to 65535'],
    ['port', 65_536, 'a whole number from 0 to 65535'],
    ['port', 1.5, 'a whole number from 0 to 65535'],
    ['port', '80', 'a whole number from 0 to 65535'],
    ['host', '', 'a name or an address of this machine'],
    ['host', 7, 'a name or an address of this machine'],
    ['host', '0.0.0.0', 'unless allowRemote is true'],
    ['host', '::', 'unless allowRemote is true'],
    ['host', '192.168.0.1', 'unless allowRemote is true'],
    ['host', '127.evil.example', 'unless allowRemote is true'],
    ['token', 'x'.repeat(31), '32 to 512 characters'],
    ['token', 'x'.repeat(513), '32 to 512 characters'],
    ['token', `${'x'.repeat(40)}/`, '32 to 512 characters'],
    ['token', 7, '32 to 512 characters'],
    ['allowControl', 'yes', 'true or false'],
    ['allowRemote', 1, 'true or false'],
    ['allowedHosts', 'ops.example.com', 'a list of names'],
    ['allowedHosts', ['https://ops.example.com'], 'a list of names'],
    ['allowedHosts', ['*'], 'a list of names'],
    ['basePath', 'hub', 'a path with a slash at both ends'],
    ['basePath', '/a//', 'a path with a slash at both ends'],
    ['basePath', '/../', 'a path with a slash at both ends'],
    ['name', 7, 'a string'],
    ['key', {}, 'a string'],
    ['label', 'name', 'a function'],
    ['explain', {}, 'a function'],
    ['fleet', { machines() {} }, 'an object with machines\\(\\) and find\\(\\)'],
    ['fleet', null, 'an object with machines\\(\\) and find\\(\\)'],
    ['metrics', 'on', 'true or false'],
    ['health', 0, 'true or false'],
    ['probePort', -1, 'a whole number'],
    ['keepAlive', 'yes', 'true or false'],
  ])('refuses %s %j by name', async (option, value, message) => {
    await expect(serveInspector(newHub(), { [option]: value })).rejects.toMatchObject({
      name: 'HubError',
      code: 'INVALID_OPTION',
      message: expect.stringMatching(new RegExp(`^The option "${option}" must be .*${message}`)),
    })
  })

  it('refuses a name that is not known, and says which are', async () => {
    await expect(serveInspector(newHub(), { allowHosts: [] } as never)).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringMatching(
        /^There is no option "allowHosts"\. The options here are port, host, token,/,
      ),
    })
  })

  it.each([null, 7, 'text'])('refuses %j as options', async (options) => {
    const error = { code: 'INVALID_OPTION', message: 'The option "options" must be an object.' }
    await expect(serveInspector(newHub(), options as never)).rejects.toMatchObject(error)
  })

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['an object', {}],
    ['half a hub', { on() {} }],
  ])('refuses %s as a hub', async (_, hub) => {
    await expect(serveInspector(hub as never)).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: 'The option "hub" must be a hub of createHub().',
    })
  })

  it('takes a hub that can only be read, but not to command it', async () => {
    const { on, snapshot } = newHub()
    const read = { on, snapshot, closed: false }
    const inspector = await serveInspector(read)
    onTestFinished(() => inspector.close())
    expect((await ask(`${inspector.url}summary`)).status).toBe(200)
    await expect(serveInspector(read, { allowControl: true })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: 'The option "allowControl" must be false for a hub that can only be read.',
    })
  })

  it('refuses a hub that has closed', async () => {
    const hub = newHub()
    const first = await serveInspector(hub)
    onTestFinished(() => first.close())
    await hub.close()
    // Also where somebody else shows its end.
    await expect(serveInspector(hub)).rejects.toMatchObject({ code: 'HUB_CLOSED' })
    await first.close()
    await expect(serveInspector(hub)).rejects.toMatchObject({ code: 'HUB_CLOSED' })
  })

  it('says what to do where the port is in use, and holds on to nothing', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as AddressInfo
    const { hub, subscriptions } = countSubscriptions(newHub())
    await expect(serveInspector(hub, { port })).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: `Port ${port} is in use. Take another one, or 0 for any that is free.`,
      cause: { code: 'EADDRINUSE' },
    })
    expect(subscriptions()).toBe(0)
  })

  it('says where it cannot listen', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    // An address for documents, which no machine has.
    const options = { host: '192.0.2.1', allowRemote: true }
    await expect(serveInspector(newHub(), options)).rejects.toMatchObject({
      code: 'LISTEN_FAILED',
      message: expect.stringMatching(/^Cannot listen at 192\.0\.2\.1: /),
    })
    expect(console.warn).not.toHaveBeenCalled()
  })

  it('listens where it is told, with the token that it is told', async () => {
    const port = await findPort()
    const token = 'T'.repeat(32)
    const inspector = await serveInspector(newHub(), { port, token })
    onTestFinished(() => inspector.close())
    expect(inspector.url).toBe(`http://127.0.0.1:${port}/${token}/`)
  })

  it.each([
    ['::1', '[::1]'],
    ['127.0.0.2', '127.0.0.2'],
    ['0.0.0.0', '127.0.0.1'],
    ['::', '[::1]'],
  ])('at %s gives an address that works: %s', async (host, shown) => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const inspector = await serveInspector(newHub(), { host, allowRemote: true })
    onTestFinished(() => inspector.close())
    expect(new URL(inspector.url).hostname).toBe(shown)
    expect((await ask(`${inspector.url}nothing`)).status).toBe(404)
  })

  it('warns of nothing where it stays on this machine', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const inspector = await serveInspector(newHub(), { host: 'localhost', allowRemote: true })
    onTestFinished(() => inspector.close())
    expect(warn).not.toHaveBeenCalled()
  })
})
