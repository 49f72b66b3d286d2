import { readdir, readFile, realpath, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '@conn-hub/nodes/src/process.js'
import { createConsumer, npm } from '../consumer.js'
import { blocksOf, pageOf } from '../readme.js'
import { tryAgain } from '../try-again.js'

const OURS = '@conn-hub/ssb-conn-hub'

/**
 * The drop-in takes the place of ssb-conn-hub by what its README says, in an app with the real ssb-conn.
 *
 * @type {import('../suite.js').Suite}
 */
export const override = async (workshop) => {
  const [plain = '', own = ''] = blocksOf('ssb-conn-hub', 'json').map((block) => block)
  const create = () => createConsumer(workshop, 'override')
  return [
    {
      name: 'a new app with the override has one hub, ours',
      run: async () => {
        const place = await create()
        await merge(place, plain)
        await npm(workshop, place, ['install'])
        await hasOurs(place)
      },
    },
    {
      name: 'an installed app gets the override by install and dedupe, and has one hub, ours',
      run: async () => {
        const place = await create()
        await npm(workshop, place, ['install'])
        await merge(place, plain)
        await npm(workshop, place, ['install'])
        await npm(workshop, place, ['dedupe'])
        await hasOurs(place)
      },
    },
    {
      name: 'an app that itself depends on ssb-conn-hub has one hub, ours',
      run: async () => {
        const place = await create()
        await merge(place, '{ "dependencies": { "ssb-conn-hub": "1.2.1" } }')
        await merge(place, own)
        await npm(workshop, place, ['install'])
        await hasOurs(place)
      },
    },
    ...Object.entries(OTHERS).flatMap(([tool, wrap]) => [
      {
        name: `${tool} takes the override, and has one hub, ours`,
        run: async () => {
          const place = await create()
          await merge(place, wrap(plain))
          await installWith(tool, place)
          await hasOurs(place)
        },
      },
      {
        name: `${tool} leaves out ip by the line for audits, and ssb-ref works`,
        run: async () => {
          const place = await create()
          await merge(place, SSB_REF)
          await merge(place, wrap(lineForAudits()))
          await installWith(tool, place)
          await hasNoIp(place)
        },
      },
    ]),
    {
      name: 'npm leaves out ip by the line for audits, and ssb-ref works',
      run: async () => {
        const place = await create()
        await merge(place, SSB_REF)
        await merge(place, lineForAudits())
        await npm(workshop, place, ['install'])
        await hasNoIp(place)
      },
    },
  ]
}

/** Where other tools than npm want the overrides. @type {Record<string, (block: string) => string>} */
const OTHERS = {
  'pnpm@10': (block) => JSON.stringify({ pnpm: JSON.parse(block) }),
  'yarn@1': (block) => JSON.stringify({ resolutions: JSON.parse(block).overrides }),
}

const lineForAudits = () => {
  const [, line] = /an audit must be clean: `([^`]+)`/.exec(pageOf('ssb-conn-hub')) ?? []
  return `{ ${line} }`
}

/**
 * @param {string} tool
 * @param {string} place
 */
const installWith = async (tool, place) => {
  // Yarn keeps a version for ever, and ours has other contents each time.
  const env = { ...process.env, YARN_CACHE_FOLDER: join(place, 'cache') }
  const install = () => run('npx', ['-y', tool, 'install'], { cwd: place, env })
  const { ok, output } = await tryAgain(install)
  if (!ok) throw new Error(`${tool} install:\n${output}`)
}

const SSB_REF = '{ "dependencies": { "ssb-ref": "2.16.0" } }'
const ADDRESS = `net:1.2.3.4:8008~shs:${'a'.repeat(43)}=`

/** An audit goes by names: none may be `ip`. @param {string} place */
const hasNoIp = async (place) => {
  const names = await namesIn(place, 'ip', 'neoip')
  if (new Set(names).size !== 1 || names[0] !== 'neoip')
    throw new Error(`It has: ${names.join(', ') || 'none'}`)
  const code = `process.exit(require('ssb-ref').isAddress('${ADDRESS}') ? 0 : 1)`
  const { ok, output } = await run(process.execPath, ['-e', code], { cwd: place })
  if (!ok) throw new Error(`ssb-ref reads no address:\n${output}`)
}

/**
 * @param {string} place
 * @param {string} block JSON.
 */
const merge = async (place, block) => {
  const file = join(place, 'package.json')
  const manifest = JSON.parse(await readFile(file, 'utf8'))
  const { dependencies, ...others } = JSON.parse(block)
  Object.assign(manifest.dependencies, dependencies)
  await writeFile(file, JSON.stringify({ ...manifest, ...others }))
}

/** @param {string} place */
const hasOurs = async (place) => {
  const found = await namesIn(place, 'ssb-conn-hub')
  if (found.join() !== OURS) throw new Error(`It has: ${found.join(', ') || 'none'}`)
}

/**
 * What the packages call themselves that are installed in folders of these names.
 *
 * @param {string} place
 * @param {string[]} folders
 */
const namesIn = async (place, ...folders) => {
  const places = new Set()
  for (const path of await readdir(join(place, 'node_modules'), { recursive: true })) {
    if (!folders.some((name) => `/${path}`.endsWith(`/${name}/package.json`))) continue
    // pnpm leads to one place from many.
    places.add(await realpath(join(place, 'node_modules', path)))
  }
  const read = [...places].map(async (path) => JSON.parse(await readFile(path, 'utf8')).name)
  return Promise.all(read)
}
