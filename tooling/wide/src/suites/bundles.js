import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '@conn-hub/nodes/src/process.js'
import { CHROMIUM, readInBrowser } from '../browser.js'
import { installConsumer } from '../consumer.js'

const BROWSER = ['core', 'async-iterator', 'pull-stream', 'conformance']
const SBOT = ['secret-stack', 'ssb-conn-hub']
const REQUIRE =
  "import { createRequire as toRequire } from 'node:module'; const require = toRequire(import.meta.url);"
const ALL = [...BROWSER, 'inspector', ...SBOT]

/** A subpath (`core/view`) joins this list with an app of its own in `consumers/bundles/apps`. */
const WITHOUT_EXPORTS = [...BROWSER, 'ssb-conn-hub']

const NAME_OF_CLASS = {
  why: 'the plugin is called as its class, which bundlers rename',
  shows: /is not \["connHub"\]/,
}

/**
 * Each package is bundled as apps do it, and the bundle is run.
 *
 * @type {import('../suite.js').Suite}
 */
export const bundles = async (workshop) => {
  const place = await installConsumer(workshop, 'bundles')
  return [
    ...ALL.flatMap((app) => esbuildCases(place, app)),
    ...pluginCases(place),
    ...WITHOUT_EXPORTS.map((app) => ({
      name: `${app} runs, bundled by a resolver that knows no exports`,
      run: async () => {
        const file = `${app}.no-exports.cjs`
        await done(run(process.execPath, ['webpack.js', app, file, '--no-exports'], { cwd: place }))
        await runs(place, `out/${file}`)
      },
    })),
    ...viteCases(place),
  ]
}

/**
 * @param {string} place
 * @param {string} app
 */
const esbuildCases = (place, app) =>
  ['esm', 'cjs'].flatMap((format) =>
    [false, true].map((minify) => ({
      name: `${app} runs, bundled by esbuild as ${format}${minify ? ', minified' : ''}`,
      run: async () => runs(place, await esbuild(place, app, format, minify)),
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
    fault: NAME_OF_CLASS,
    run: async () => runs(place, await esbuild(place, 'plugin', 'cjs', false)),
  },
  {
    name: 'the plugin is ssb.connHub, bundled by esbuild, minified',
    fault: NAME_OF_CLASS,
    run: async () => runs(place, await esbuild(place, 'plugin', 'cjs', true)),
  },
  {
    name: 'the plugin is ssb.connHub, bundled by webpack for production',
    fault: NAME_OF_CLASS,
    run: async () => {
      const args = ['webpack.js', 'plugin', 'plugin.webpack.cjs']
      await done(run(process.execPath, args, { cwd: place }))
      await runs(place, 'out/plugin.webpack.cjs')
    },
  },
  {
    name: 'the plugin is ssb.connHub, bundled by ncc, minified',
    fault: NAME_OF_CLASS,
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
  // Their dependencies are CommonJS, and need a `require`.
  if (format === 'esm' && !BROWSER.includes(app)) args.push(`--banner:js=${REQUIRE}`)
  if (minify) args.push('--minify')
  await done(run('node_modules/.bin/esbuild', args, { cwd: place }))
  return file
}

/**
 * What runs in browsers, as a page: built by Vite, and opened.
 *
 * @param {string} place
 * @returns {import('../cases.js').Case[]}
 */
const viteCases = (place) => {
  /** @type {Promise<void> | undefined} */
  let built
  return BROWSER.map((app) => ({
    name: `${app} runs in a browser, built by Vite`,
    ...(existsSync(CHROMIUM) ? {} : { skip: `there is no ${CHROMIUM}` }),
    run: async () => {
      built ??= done(run('node_modules/.bin/vite', ['build'], { cwd: place }))
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
