/** @typedef {import('@changesets/types').ReleasePlan} ReleasePlan */

/**
 * Changesets gives a major to whoever has a peer dependency that leaves its range; below 1.0 each minor leaves it, so one
 * minor of core would make everything 1.0.0. There a minor says that something breaks: so it is a minor for those, too.
 * Who asks for a major gets it.
 *
 * @param {ReleasePlan} plan
 * @returns {ReleasePlan}
 */
export const beforeOne = (plan) => {
  const isAsked = plan.changesets.some(({ releases }) =>
    releases.some(({ type }) => type === 'major'),
  )
  if (isAsked) return plan
  const releases = plan.releases.map((release) => {
    const [, minor] = /^0\.(\d+)\./.exec(release.oldVersion) ?? []
    if (release.type !== 'major' || minor === undefined) return release
    return { ...release, type: /** @type {const} */ ('minor'), newVersion: `0.${+minor + 1}.0` }
  })
  return { ...plan, releases }
}

/**
 * Who has a new number for the sake of its group alone says so.
 *
 * @param {string} changelog
 * @param {string} version
 */
export const withReason = (changelog, version) =>
  changelog.replace(`## ${version}\n\n## `, `## ${version}\n\n${REASON}\n\n## `)

const REASON = 'Nothing has changed here. Packages that belong together have one number.'
