import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createConsumer, npm } from '../consumer.js'
import { blocksOf } from '../readme.js'

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
  ]
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
  const found = []
  for (const path of await readdir(join(place, 'node_modules'), { recursive: true })) {
    if (!/(^|node_modules\/|\/)ssb-conn-hub\/package\.json$/.test(path)) continue
    found.push(JSON.parse(await readFile(join(place, 'node_modules', path), 'utf8')).name)
  }
  if (found.join() !== OURS) throw new Error(`It has: ${found.join(', ') || 'none'}`)
}
