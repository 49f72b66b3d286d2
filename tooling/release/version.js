import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import applyReleasePlan from '@changesets/apply-release-plan'
import { read } from '@changesets/config'
import getReleasePlan from '@changesets/get-release-plan'
import { getPackages } from '@manypkg/get-packages'
import { beforeOne, withReason } from './src/versions.js'

// Makes versions and changelogs of the files in .changeset, as `changeset version` does.

const root = fileURLToPath(new URL('../../', import.meta.url))
const packages = await getPackages(root)
const config = await read(root, packages)
const plan = beforeOne(await getReleasePlan(root, undefined, config))
const changed = plan.releases.filter(({ oldVersion, newVersion }) => oldVersion !== newVersion)
if (changed.length === 0) console.log('No file in .changeset says what has changed.')
else await applyReleasePlan(plan, packages, config)
for (const { name, oldVersion, newVersion } of changed) {
  console.log(`${name} ${oldVersion} -> ${newVersion}`)
  const { dir = root } =
    packages.packages.find(({ packageJson }) => packageJson.name === name) ?? {}
  const changelog = join(dir, 'CHANGELOG.md')
  await writeFile(changelog, withReason(await readFile(changelog, 'utf8'), newVersion))
}
