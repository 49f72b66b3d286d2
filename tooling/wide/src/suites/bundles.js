import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileOf } from '@conn-hub/nodes/src/ours.js'
import { run } from '@conn-hub/nodes/src/process.js'
import { CHROMIUM, readInBrowser } from '../browser.js'
import { installConsumer } from '../consumer.js'

const REQUIRE =
  "import { createRequire as toRequire } from 'node:module'; const require = toRequire(import.meta.url);"

/** They depend on what has `exports` alone. The simulation is for test runners, and those know them. */
const NEED_EXPORTS = ['simulation']

/** @typedef {import('@conn-hub/nodes/src/ours.js').Entry} Entry */

/**
 * Each package is bundled as apps do it, and the bundle is run.
 *
 * @type {import('../suite.js').Suite}
 */
export const bundles = async (workshop) => {
  const place = await installConsumer(workshop, 'bundles')
  const entries = workshop.ours.flatMap((each) => each.entries)
  const pages = entries.filter(({ inBrowsers }) => inBrowsers)
  for (const entry of entries) await writeApp(place, entry)
  return [
    ...entries.flatMap((entry) => esbuildCases(place, entry)),
    ...pluginCases(place),
    ...[...pages.map(fileOf), 'ssb-conn-hub']
      .filter((app) => !NEED_EXPORTS.includes(app))
      .map((app) => withoutExports(place, app)),
    ...viteCases(place, pages.map(fileOf)),
  ]
}

/**
 * An entry that has no app of its own in `consumers/bundles/apps` is loaded whole.
 *
 * @param {string} place
 * @param {Entry} entry
 */
const writeApp = async (place, entry) => {
  const app = fileOf(entry)
  await writeFile(join(place, `${app}.html`), pageOf(app))
  const file = join(place, `apps/${app}.js`)
  if (existsSync(file)) return
  await writeFile(
    file,
    `import * as all from '${entry.specifier}'
import { main } from './support.js'
main(async () => {
  const missing = Object.keys(all).filter((name) => all[name] === undefined)
  if (Object.keys(all).length === 0 || missing.length > 0) throw new Error(\`no \${missing}\`)
})
`,
  )
}

/** @param {string} app */
const pageOf = (app) => `<!doctype html>
<meta charset="utf-8" />
<body></body>
<script type="module" src="./apps/${app}.js"></script>
`

/**
 * @param {string} place
 * @param {string} app
 */
const withoutExports = (place, app) => ({
  name: `${app} runs, bundled by a resolver that knows no exports`,
  run: async () => {
    const file = `${app}.no-exports.cjs`
    await done(run(process.execPath, ['webpack.js', app, file, '--no-exports'], { cwd: place }))
    await runs(place, `out/${file}`)
  },
})

/**
 * @param {string} place
 * @param {Entry} entry
 */
const esbuildCases = (place, entry) =>
  ['esm', 'cjs'].flatMap((format) =>
    [false, true].map((minify) => ({
      name: `${entry.name} runs, bundled by esbuild as ${format}${minify ? ', minified' : ''}`,
      run: async () => runs(place, await esbuild(place, fileOf(entry), format, minify)),
    })),
  )

/**
 * The name of the plugin is where it stands on the sbot: it must survive.
 *
 * @param {string} place
 */
const pluginCases = (place) => [
  {
    name: 'the plugin is ssb.connHub, bundled by esbuild',
    run: async () => runs(place, await esbuild(place, 'plugin', 'cjs', false)),
  },
  {
    name: 'the plugin is ssb.connHub, bundled by esbuild, minified',
    run: async () => runs(place, await esbuild(place, 'plugin', 'cjs', true)),
  },
  {
    name: 'the plugin is ssb.connHub, bundled by webpack for production',
    run: async () => {
      const args = ['webpack.js', 'plugin', 'plugin.webpack.cjs']
      await done(run(process.execPath, args, { cwd: place }))
      await runs(place, 'out/plugin.webpack.cjs')
    },
  },
  {
    name: 'the plugin is ssb.connHub, bundled by ncc, minified',
    run: async () => {
      const args = ['build', 'apps/plugin.js', '-m', '-o', 'out/ncc']
      await done(run('node_modules/.bin/ncc', args, { cwd: place }))
      await runs(place, 'out/ncc/index.js')
    },
  },
]

/**
 * @param {string} place
 * @param {string} app
 * @param {string} format
 * @param {boolean} minify
 * @returns {Promise<string>} the bundle
 */
const esbuild = async (place, app, format, minify) => {
  const file = `out/${app}.${format}${minify ? '.min' : ''}.${format === 'esm' ? 'mjs' : 'cjs'}`
  const args = [`apps/${app}.js`, '--bundle', '--platform=node', `--outfile=${file}`]
  args.push(`--format=${format}`)
  // Dependencies that are CommonJS need a `require`.
  if (format === 'esm') args.push(`--banner:js=${REQUIRE}`)
  if (minify) args.push('--minify')
  await done(run('node_modules/.bin/esbuild', args, { cwd: place }))
  return file
}

/**
 * What runs in browsers, as a page: built by Vite, and opened.
 *
 * @param {string} place
 * @param {readonly string[]} apps
 * @returns {import('../cases.js').Case[]}
 */
const viteCases = (place, apps) => {
  /** @type {Promise<void> | undefined} */
  let built
  const env = { ...process.env, APPS: apps.join() }
  return apps.map((app) => ({
    name: `${app} runs in a browser, built by Vite`,
    ...(existsSync(CHROMIUM) ? {} : { skip: `there is no ${CHROMIUM}` }),
    run: async () => {
      built ??= done(run('node_modules/.bin/vite', ['build'], { cwd: place, env }))
      await built
      const text = await readInBrowser(join(place, 'out/vite'), `${app}.html`)
      if (!text.includes('all is well')) throw new Error(text)
    },
  }))
}

/**
 * @param {string} place
 * @param {string} file
 */
const runs = async (place, file) => {
  const { ok, stdout, output } = await run(process.execPath, [file], { cwd: place })
  // It says so at its end; who ends before that has status 0 too.
  if (!ok || !stdout.endsWith('all is well\n')) throw new Error(output)
}

/** @param {ReturnType<typeof run>} running */
const done = async (running) => {
  const { ok, output } = await running
  if (!ok) throw new Error(output)
}
