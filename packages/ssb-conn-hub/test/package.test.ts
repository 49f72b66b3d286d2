import { execFileSync, spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { withSbots } from '@conn-hub/testkit'
import { build } from 'esbuild'
import ts from 'typescript'
import { expect, it } from 'vitest'

const require = createRequire(import.meta.url)
const old: typeof ts = require('typescript-4.2')

// What is published, as a plain Node finds it: these tests need a build.
const inNode = (script: string): unknown => {
  const program = `console.log(JSON.stringify((() => { ${script} })()))`
  return JSON.parse(
    execFileSync(process.execPath, ['-e', program], { cwd: import.meta.dirname }).toString(),
  )
}

/** What the newest compiler has to say about a file of another package. */
const typeErrorsOf = (text: string): string[] =>
  errorsBy(ts, text, { module: ts.ModuleKind.NodeNext, types: [], lib: ['lib.es2022.d.ts'] })

/** The same by the compiler that ssb-conn-query is built with; declarations are looked into, too. */
const typeErrorsOfOld = (text: string): string[] => {
  const { Node10 } = ts.ModuleResolutionKind
  return errorsBy(old, text, {
    module: ts.ModuleKind.CommonJS,
    moduleResolution: Node10,
    // As node_modules would have it: it knows no `exports`.
    baseUrl: import.meta.dirname,
    paths: { 'ssb-conn-hub': ['..'], 'ssb-conn-hub/*': ['../*'] },
    target: ts.ScriptTarget.ES2018,
    types: [],
    lib: ['lib.es2018.d.ts'],
  })
}

const errorsBy = (compiler: typeof ts, text: string, options: ts.CompilerOptions): string[] => {
  const name = join(import.meta.dirname, 'user.ts')
  const all = { ...options, strict: true, noEmit: true }
  const host = compiler.createCompilerHost(all)
  const { fileExists, getSourceFile } = host
  host.fileExists = (path) => path === name || fileExists(path)
  host.getSourceFile = (path, version) =>
    path === name ? compiler.createSourceFile(path, text, version) : getSourceFile(path, version)
  const program = compiler.createProgram([name], all, host)
  const errors = [...program.getSyntacticDiagnostics(), ...program.getSemanticDiagnostics()]
  return errors.map(
    ({ file, messageText }) =>
      `${file?.fileName}: ${compiler.flattenDiagnosticMessageText(messageText, ' ')}`,
  )
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

it('1 TypeScript 4.2 reads the declarations, as ssb-conn and ssb-conn-query use them', () => {
  const program = `
    import ConnHub = require('ssb-conn-hub')
    import { Address, ConnectionData, ListenEvent } from 'ssb-conn-hub/lib/types'
    declare const hub: ConnHub
    export const entries: [Address, ConnectionData][] = [...hub.entries()]
    hub.listen()(null, (end, event?: ListenEvent) => end || event)
    hub.connect('net:10.0.0.1:8008', { note: 'any' }).then((rpc) => rpc && rpc.close(true))
    const wrong: number = hub.getState('net:10.0.0.1:8008')
  `
  // That it finds the one mistake shows that it looks.
  expect(old.version).toMatch(/^4\.2\./)
  expect(typeErrorsOfOld(program)).toEqual([expect.stringContaining("'number'")])
})

it('secret-stack finds the name and the parts of a plugin on the class', () => {
  const plugin = inNode(`
    const { name, version, manifest, init } = require('@conn-hub/ssb-conn-hub')
    return { name, version, manifest, init: typeof init }
  `)
  expect(plugin).toEqual({
    name: 'ConnHub',
    version: require('../package.json').version,
    manifest: { connect: 'async', disconnect: 'async', peers: 'source', events: 'source' },
    init: 'function',
  })
})

it.each([
  ['as it is', {}],
  ['minified', { minify: true }],
  ['beside other things of its names', { banner: { js: 'var ConnHub = 1, connHub = 2' } }],
])('in a bundle, %s, the plugin is ssb.connHub', async (_, options) => {
  const { outputFiles } = await build({
    stdin: {
      contents: "module.exports = require('@conn-hub/ssb-conn-hub')",
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false,
    ...options,
  })
  const bundled: { exports: unknown } = { exports: {} }
  new Function('module', 'exports', 'require', outputFiles[0]?.text ?? '')(
    bundled,
    bundled.exports,
    require,
  )
  await withSbots([{ plugins: [bundled.exports] }], ({ ssb }) => {
    expect(ssb).toHaveProperty('connHub.hub')
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
