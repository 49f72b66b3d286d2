import { readFileSync } from 'node:fs'

/** @param {string} name Of the package; `.` is the README of the repository. */
export const pageOf = (name) => {
  const place = name === '.' ? 'README.md' : `packages/${name}/README.md`
  return readFileSync(new URL(`../../../${place}`, import.meta.url), 'utf8')
}

/**
 * The blocks of code of a README in one language, in their order.
 *
 * @param {string} name Of the package; `.` is the README of the repository.
 * @param {string} language
 */
export const blocksOf = (name, language) => {
  const blocks = pageOf(name).matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))
  return [...blocks].map(([, block]) => block ?? '')
}
