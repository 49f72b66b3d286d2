import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import ts from 'typescript'
import { expect, it } from 'vitest'

// What is published, as a plain Node finds it: these tests need a build.
const inNode = (script: string): unknown => {
  const program = `console.log(JSON.stringify((() => { ${script} })()))`
  return JSON.parse(
    execFileSync(process.execPath, ['-e', program], { cwd: import.meta.dirname }).toString(),
  )
}

/** What the compiler has to say about a file of another package. */
const typeErrorsOf = (text: string): string[] => {
  const name = join(import.meta.dirname, 'user.ts')
  const { NodeNext: module } = ts.ModuleKind
  const options = { module, strict: true, types: [], lib: ['lib.es2022.d.ts'] }
  const host = ts.createCompilerHost(options)
  const { fileExists, getSourceFile } = host
  host.fileExists = (path) => path === name || fileExists(path)
  host.getSourceFile = (path, version) =>
    path === name ? ts.createSourceFile(path, text, version) : getSourceFile(path, version)
  const program = ts.createProgram([name], options, host)
  const errors = program.getSemanticDiagnostics(program.getSourceFile(name))
  return errors.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))
}

it('1 require() of the package is the class', () => {
  const methods = inNode(`
    const ConnHub = require('@conn-hub/ssb-conn-hub')
    const hub = new ConnHub({ addListener: () => {}, connect: () => {} })
    return [hub instanceof ConnHub, ...Object.getOwnPropertyNames(ConnHub.prototype).sort()]
  `)
  expect(methods).toEqual([
    true,
    'close',
    'connect',
    'constructor',
    'disconnect',
    'entries',
    'getState',
    'listen',
    'liveEntries',
    'reset',
    'update',
  ])
})

it('1 …/lib/types resolves, with and without its ending', () => {
  const types = inNode(`
    return ['', '.js'].map((ending) => require('@conn-hub/ssb-conn-hub/lib/types' + ending))
  `)
  expect(types).toEqual([{}, {}])
})

it('1 …/lib/types gives the types that ssb-conn-query imports', () => {
  const program = `
    import type { Address, ConnectionData, ListenEvent } from '@conn-hub/ssb-conn-hub/lib/types'
    export const address: Address = 'net:10.0.0.1:8008'
    export const data: ConnectionData = { state: 'connecting', hubBirth: 1, hubUpdated: 1, note: 'any' }
    export const event: ListenEvent = { type: 'disconnecting-failed', address, details: {} }
    // @ts-expect-error: there is no such state
    export const state: ConnectionData['state'] = 'disconnected'
  `
  expect(typeErrorsOf(program)).toEqual([])
})

it('secret-stack finds the name and the parts of a plugin on the class', () => {
  const plugin = inNode(`
    const { name, manifest, init } = require('@conn-hub/ssb-conn-hub')
    return { name, manifest, init: typeof init }
  `)
  expect(plugin).toEqual({
    name: 'ConnHub',
    manifest: { connect: 'async', disconnect: 'async', peers: 'source', events: 'source' },
    init: 'function',
  })
})

it('9 a dial that nobody answers does not keep the process alive', () => {
  const connecting = inNode(`
    const ConnHub = require('@conn-hub/ssb-conn-hub')
    const hub = new ConnHub({ addListener: () => {}, connect: () => {} })
    hub.connect('net:10.0.0.1:8008~shs:${'a'.repeat(43)}=')
    return [...hub.entries()].length
  `)
  // That it came back at all shows that the process ended.
  expect(connecting).toBe(1)
})

it('logs by debug under ssb:conn-hub, without the control characters of others', () => {
  const script = `
    const ConnHub = require('@conn-hub/ssb-conn-hub')
    const connect = (_address, callback) => callback(new Error('no \\u001b[2J route'))
    const hub = new ConnHub({ addListener: () => {}, connect })
    hub.connect('net:10.0.0.1:8008').catch(() => {})
  `
  const env = { ...process.env, DEBUG: 'ssb:conn-hub' }
  const { stderr } = spawnSync(process.execPath, ['-e', script], { cwd: import.meta.dirname, env })
  const lines = stderr.toString().trim().split('\n')
  expect(lines).toHaveLength(2)
  expect(lines[0]).toContain('ssb:conn-hub connecting to net:10.0.0.1:8008')
  expect(lines[1]).toContain(
    'failed to connect to net:10.0.0.1:8008 because: Could not connect: no \\u{1b}[2J route',
  )
})
