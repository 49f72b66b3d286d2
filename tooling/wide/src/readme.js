import { readFileSync } from 'node:fs'

/**
 * The blocks of code of a README in one language, in their order.
 *
 * @param {string} name Of the package; `.` is the README of the repository.
 * @param {string} language
 */
export const blocksOf = (name, language) => {
  const place = name === '.' ? 'README.md' : `packages/${name}/README.md`
  const page = readFileSync(new URL(`../../../${place}`, import.meta.url), 'utf8')
  const blocks = page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))
  return [...blocks].map(([, block]) => block ?? '')
}
