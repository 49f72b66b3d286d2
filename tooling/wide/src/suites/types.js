import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '@conn-hub/nodes/src/process.js'
import { installConsumer } from '../consumer.js'

/** Each is the `typescript-VERSION` of the consumer; the newest has no number. */
const VERSIONS = ['5.2', '5.3', '5.4', '5.5', '5.6', '5.7', '5.8', '5.9', '6.0', 'newest']

/** How an app may look for modules, and the `module` that goes with it. */
const RESOLUTIONS = [
  ['node16', 'node16'],
  ['nodenext', 'nodenext'],
  ['bundler', 'esnext'],
]

const STRICT = {
  noEmit: true,
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
  // TypeScript's own declarations are not ours to check, and take most of the time.
  skipDefaultLibCheck: true,
  types: [],
  target: 'es2022',
}

/** The settings of ssb-conn-query 1.2.2. */
const OLD = {
  noEmit: true,
  strict: true,
  skipLibCheck: true,
  types: [],
  target: 'es2018',
  lib: ['es5', 'es2015', 'es2016', 'es2017'],
  module: 'commonjs',
  moduleResolution: 'node',
}

/**
 * Apps of many settings are type-checked, and with them the declarations of our packages.
 *
 * @type {import('../suite.js').Suite}
 */
export const types = async (workshop) => {
  const place = await installConsumer(workshop, 'types')
  await writeEntries(place, workshop.ours)
  return [
    ...VERSIONS.flatMap((version) =>
      RESOLUTIONS.map(([resolution, module]) => ({
        name: `a browser app compiles with TypeScript ${version}, ${resolution}`,
        run: () => {
          const files = ['app.ts', 'entries.ts', ...(resolution === 'bundler' ? [] : ['app.cts'])]
          const lib = ['es2022', 'dom', 'dom.iterable']
          const options = { ...STRICT, lib, module, moduleResolution: resolution }
          return compile(place, version, `${version}-${resolution}`, options, files)
        },
      })),
    ),
    ...['5.2', '5.9', 'newest'].map((version) => ({
      name: `an app that says "using" compiles with TypeScript ${version}`,
      run: () => {
        const lib = ['es2022', 'esnext.disposable', 'dom', 'dom.iterable']
        const options = { ...STRICT, lib, module: 'nodenext', moduleResolution: 'nodenext' }
        return compile(place, version, `using-${version}`, options, ['using.ts'])
      },
    })),
    {
      name: 'what uses the drop-in compiles with TypeScript 4.2, as ssb-conn-query does',
      run: () => compile(place, '4.2', '4.2', OLD, ['drop-in.ts']),
    },
  ]
}

/**
 * `app.ts` leads to every entry, so that all declarations are checked, also of what nobody wrote a line of use for.
 *
 * @param {string} place
 * @param {import('@conn-hub/nodes/src/ours.js').Ours[]} ours
 */
const writeEntries = async (place, ours) => {
  const entries = ours.flatMap((each) => each.entries).filter(({ esm }) => esm !== undefined)
  const lines = entries.map(({ specifier }, i) => `export * as entry${i} from '${specifier}'`)
  await writeFile(join(place, 'entries.ts'), `${lines.join('\n')}\n`)
}

/**
 * @param {string} place
 * @param {string} version
 * @param {string} name Of the settings.
 * @param {object} compilerOptions
 * @param {readonly string[]} files
 */
const compile = async (place, version, name, compilerOptions, files) => {
  const settings = `tsconfig.${name}.json`
  await writeFile(join(place, settings), JSON.stringify({ compilerOptions, files }))
  const folder = version === 'newest' ? 'typescript' : `typescript-${version}`
  const args = [`node_modules/${folder}/bin/tsc`, '-p', settings]
  const { ok, output } = await run(process.execPath, args, { cwd: place })
  if (!ok) throw new Error(output || 'tsc failed, and said nothing')
}
