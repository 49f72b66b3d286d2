// One line for each change, as its author wrote it: what a user must do. Commits are in the history.

/** @type {import('@changesets/types').ChangelogFunctions} */
module.exports = {
  getReleaseLine: async ({ summary }) => {
    const [first, ...rest] = summary.trim().split('\n')
    return [`- ${first}`, ...rest.map((line) => (line ? `  ${line}` : ''))].join('\n')
  },
  getDependencyReleaseLine: async (_, dependencies) => {
    if (dependencies.length === 0) return ''
    const names = dependencies.map(({ name, newVersion }) => `${name} ${newVersion}`)
    return `- Goes with ${names.join(', ')}.`
  },
}
