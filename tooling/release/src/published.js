// What is published differs from what is in the repository by these two things.

/** @typedef {{ owner: string, name: string, page: string }} Repository */

/**
 * The manifest with what the registry shows beside a package.
 * @param {Record<string, unknown>} manifest
 * @param {Repository} repository
 * @param {string} directory of the package in the repository
 */
export const toPublished = (manifest, { page }, directory) => ({
  ...manifest,
  homepage: `${page}/tree/main/${directory}#readme`,
  bugs: `${page}/issues`,
  repository: { type: 'git', url: `git+${page}.git`, directory },
  publishConfig: { access: 'public', provenance: true },
})

/**
 * The registry shows a README away from its folder: a link that is relative leads nowhere there.
 * @param {string} markdown
 * @param {Repository} repository
 * @param {string} directory
 */
export const withAbsoluteLinks = (markdown, { owner, name, page }, directory) =>
  markdown.replace(CODE_OR_LINK, (all, code, mark, text, target) => {
    if (code) return all
    const { pathname, hash } = new URL(target, `file:///${directory}/`)
    const base = mark
      ? `https://raw.githubusercontent.com/${owner}/${name}/main`
      : `${page}/blob/main`
    return `${mark}[${text}](${base}${pathname}${hash})`
  })

/** Code, which stays; pictures and links, but for those with a scheme and those within the page. */
const CODE_OR_LINK = /(```[\s\S]*?```|`[^`\n]*`)|(!?)\[([^\]]*)\]\((?![a-z]+:|#)([^)\s]+)\)/g
