import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { run } from '@conn-hub/nodes/src/process.js'
import { installConsumer, pinnedOf } from '../consumer.js'
import { startProgram } from '../program.js'
import { blocksOf } from '../readme.js'

/** In ms: so long at least a newcomer needs to open an address that was printed. */
const TO_OPEN_IT = 3_000

/**
 * @typedef {object} Sample
 * @property {string} readme The package whose README it is in.
 * @property {number} block Which of the blocks in JavaScript.
 * @property {string} file What it is pasted into.
 * @property {[string, string]} [fill] A placeholder in it, and what a reader writes there.
 * @property {string} [before] What the page says that there is already.
 * @property {string} [after]
 * @property {string} [driver] What runs it, where it is a module to be imported.
 * @property {string | RegExp} prints
 * @property {boolean} [stays] It serves a page, and goes on until somebody ends it.
 * @property {number[]} [ports] They may be taken on this machine; then others are written in.
 */

const playHub = (blocksOf('core', 'js')[0] ?? '').split('hub.on(')[0] ?? ''
const sbot = `
import { createRequire } from 'node:module'
const require = createRequire(import.meta.url)
const SecretStack = require('secret-stack')
const settings = () => ({ keys: require('ssb-keys').generate(), host: '127.0.0.1', port: 0, caps })
const caps = { shs: Buffer.alloc(32, 7).toString('base64') }
`

/** The app's own, of which those pages speak. */
const TRANSPORT = "const transport = { self: 'me', describe: () => ({}), dial: () => {} }\n"

/** @type {Sample[]} */
const SAMPLES = [
  { readme: 'core', block: 0, file: 'core.mjs', prints: textOf('core') },
  {
    readme: 'core',
    block: 1,
    file: 'tcp.mjs',
    driver: 'try-tcp.mjs',
    prints: 'you said hello\n',
  },
  {
    readme: 'core',
    block: 2,
    file: 'redial.mjs',
    before: playHub,
    after: "await hub.connect('play:anna'); await hub.close(); console.log('closed')",
    prints: 'closed\n',
  },
  {
    readme: 'async-iterator',
    block: 0,
    file: 'async-iterator.mjs',
    prints: textOf('async-iterator'),
  },
  {
    readme: 'async-iterator',
    block: 1,
    file: 'live.mjs',
    before: `import { changes, liveEntries } from '@conn-hub/async-iterator'\n${playHub}
const rows = new Map()
const render = (entries) => { if (entries.length > 0) hub.close() }
hub.connect('play:anna')\n`,
    after: 'console.log(rows.size)',
    prints: '0\n',
  },
  { readme: 'pull-stream', block: 0, file: 'pull-stream.mjs', prints: textOf('pull-stream') },
  { readme: 'conformance', block: 0, file: 'conformance.mjs', prints: textOf('conformance') },
  { readme: 'conformance', block: 1, file: 'memory.mjs', prints: textOf('conformance', 1) },
  { readme: 'conformance', block: 2, file: 'watch.mjs', prints: '' },
  {
    readme: 'secret-stack',
    block: 0,
    file: 'secret-stack.cjs',
    ports: [8008, 8009],
    prints:
      /^connecting net:\S+\nconnected net:\S+\nhello @\S+\.ed25519\ndisconnecting net:\S+\ndisconnected net:\S+\n$/,
  },
  {
    readme: 'ssb-conn-hub',
    block: 0,
    file: 'ssb-conn-hub.cjs',
    ports: [40101, 40102],
    prints: textOf('ssb-conn-hub'),
  },
  {
    readme: 'inspector',
    block: 0,
    file: 'inspector.mjs',
    stays: true,
    prints: /^Open (http:\S+)$/m,
  },
  {
    readme: 'inspector',
    block: 1,
    file: 'inspector-plugin.mjs',
    before: `${sbot}
import { inspectorPlugin } from '@conn-hub/inspector'
import ConnHub from '@conn-hub/ssb-conn-hub'
const stack =\n`,
    after: 'stack({ global: settings() })',
    stays: true,
    prints: /^conn-hub inspector: (http:\S+)$/m,
  },
  {
    readme: 'websocket',
    block: 0,
    file: 'websocket.mjs',
    ports: [8080],
    prints: textOf('websocket'),
  },
  {
    readme: 'keeper',
    block: 1,
    file: 'keeper-app.mjs',
    before: playHub,
    after: 'keeper.close(); await hub.close()',
    prints: '',
  },
  {
    readme: 'keeper',
    block: 5,
    file: 'keeper-liveness.mjs',
    before: `${playHub}await hub.connect('mem:pub').catch(() => {})\n`,
    after: 'await hub.close()',
    prints: /(?:)/,
  },
  {
    readme: 'policies',
    block: 1,
    file: 'laptop.mjs',
    before: TRANSPORT,
    after: 'await hub.close()',
    prints: '',
  },
  {
    readme: 'policies',
    block: 2,
    file: 'server.mjs',
    before: TRANSPORT,
    after: 'await stop()',
    prints: '',
  },
  {
    readme: 'policies',
    block: 3,
    file: 'pub.mjs',
    before: `${TRANSPORT}const [friends, banned] = [['@a'], new Set()]\n`,
    after: 'await hub.close()',
    prints: '',
  },
  {
    readme: 'policies',
    block: 4,
    file: 'pubs.mjs',
    ports: [8008],
    after: 'keeper.close(); await hub.close(); ssb.close(true)',
    prints: '',
  },
  { readme: 'simulation', block: 0, file: 'find.mjs', prints: textOf('simulation') },
  { readme: 'simulation', block: 1, file: 'hour.mjs', prints: textOf('simulation', 1) },
  { readme: '.', block: 2, file: 'root.mjs', ports: [8080], prints: textOf('.') },
]

/**
 * The samples of the READMEs, pasted as they stand into files of a project that has what is published.
 *
 * @type {import('../suite.js').Suite}
 */
export const samples = async (workshop) => {
  const place = await installConsumer(workshop, 'samples', importsOf(workshop.ours))
  const names = ['.', ...workshop.ours.map(({ name }) => name)]
  return [...SAMPLES.map((sample) => toCase(place, sample)), ...names.flatMap(othersOf(place))]
}

/**
 * What has no row above: a whole program has to run as it stands, the first one with what its page says that it prints.
 *
 * @param {string} place
 * @returns {(readme: string) => import('../cases.js').Case[]}
 */
const othersOf = (place) => (readme) =>
  blocksOf(readme, 'js').flatMap((text, block) => {
    if (SAMPLES.some((row) => row.readme === readme && row.block === block)) return []
    const prints = block === 0 ? textOf(readme) || ANYTHING : ANYTHING
    const file = `${readme}-${block}.mjs`
    const { name, run } = toCase(place, { readme, block, file, prints })
    const isWhole = /^import /m.test(text) && !/ from '\.\.?\//.test(text)
    return isWhole ? { name, run } : { name, run, skip: 'it is a part of a program' }
  })

const ANYTHING = /(?:)/

/**
 * @param {string} place
 * @param {Sample} sample
 * @returns {import('../cases.js').Case}
 */
const toCase = (place, sample) => ({
  name: `the sample ${sample.block + 1} of ${sample.readme === '.' ? 'the root' : sample.readme} runs`,
  run: () => runSample(place, sample),
})

/**
 * What the samples import from others, in the version that the package tests them with.
 *
 * @param {import('@conn-hub/nodes/src/ours.js').Ours[]} ours
 * @returns {Record<string, string>}
 */
const importsOf = (ours) =>
  Object.assign(
    {},
    ...ours.map(({ name, tools }) => {
      const text = blocksOf(name, 'js').join('')
      const named = text.matchAll(/(?: from |require\()'((?:@[^/']+\/)?[^/']+)/g)
      const imported = [...named].map(([, from]) => from)
      return pinnedOf(/** @type {string[]} */ (imported), tools)
    }),
  )

/**
 * @param {string} place
 * @param {Sample} sample
 */
const runSample = async (place, sample) => {
  const { readme, block, file, before = '', after = '', driver = file, prints, stays } = sample
  const pasted = blocksOf(readme, 'js')[block]
  if (pasted === undefined) throw new Error('The README has no such block.')
  const [placeholder = '', filled = ''] = sample.fill ?? []
  const text = (await withFreePorts(pasted, sample.ports ?? [])).replace(placeholder, filled)
  await writeFile(join(place, file), before + text + after)
  if (stays) return opens(place, driver, /** @type {RegExp} */ (prints))
  const { ok, stdout, output } = await run(process.execPath, [driver], {
    cwd: place,
    timeout: 60_000,
  })
  const asSaid = typeof prints === 'string' ? stdout === prints : prints.test(stdout)
  // Warnings of Node go to stderr: a sample that draws one is no sample.
  if (!ok || !asSaid || output !== stdout) throw new Error(`It printed:\n${output}`)
}

/**
 * @param {string} place
 * @param {string} file
 * @param {RegExp} pattern
 */
const opens = async (place, file, pattern) => {
  const { match, isRunning, stop } = await startProgram(file, place, pattern)
  try {
    await pause(TO_OPEN_IT)
    if (!isRunning()) throw new Error('It ended by itself before anybody could open the page.')
    const { status } = await fetch(match[1] ?? '')
    if (status !== 200) throw new Error(`The page answers ${status}.`)
  } finally {
    await stop()
  }
}

/**
 * @param {string} readme
 * @param {number} [block]
 */
function textOf(readme, block = 0) {
  return blocksOf(readme, 'text')[block] ?? ''
}

/**
 * @param {string} text
 * @param {readonly number[]} ports
 */
const withFreePorts = async (text, ports) => {
  let result = text
  for (const port of ports) result = result.replaceAll(`${port}`, `${await freePort(port)}`)
  return result
}

/** @param {number} wanted @returns {Promise<number>} */
const freePort = (wanted) =>
  new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(freePort(0)))
    server.listen(wanted, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
      server.close(() => resolve(port))
    })
  })
