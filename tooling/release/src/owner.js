// What only the owner can give: the address of the repository, one field in the root manifest.

/** @param {{ repository?: unknown }} manifest the root's */
export const readRepository = ({ repository }) => {
  const url = typeof repository === 'string' ? repository : undefined
  const found = url && /^https:\/\/github\.com\/([\w.-]+)\/([\w.-]+?)(?:\.git)?$/.exec(url)
  if (!found) throw new Refusal('NO_REPOSITORY', url ? `"${url}" is no such address. ${ASK}` : ASK)
  const [, owner = '', name = ''] = found
  return { owner, name, page: `https://github.com/${owner}/${name}` }
}

const ASK =
  'Write the repository\'s address into the root package.json: "repository": "https://github.com/OWNER/NAME". It goes into every package from there.'

/** Why nothing is published, by a name that stays. */
export class Refusal extends Error {
  /**
   * @param {string} code
   * @param {string} message
   */
  constructor(code, message) {
    super(`${code}: ${message}`)
    this.code = code
  }
}
