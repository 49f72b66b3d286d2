// What must be in a package, and what must not.

const NEEDED = ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md']
const FORBIDDEN =
  /(^|\/)(test|tests|node_modules|decisions|\.turbo)\/|\.(test|spec)\.|tsconfig|tsup\.config/

/**
 * What is wrong with the files of a package, in words.
 * @param {ReadonlyMap<string, string>} files their contents by path
 */
export const problemsOf = (files) => [
  ...NEEDED.filter((path) => !files.has(path)).map((path) => `${path} is missing`),
  ...[...files.keys()].filter((path) => FORBIDDEN.test(path)).map((path) => `${path} is in it`),
  ...[...files].flatMap(([path, text]) =>
    path.endsWith('.map') ? lostSources(path, text, files) : [],
  ),
  ...staleChangelog(files),
  ...(files.get('package.json')?.includes('"workspace:') ? ['a dependency is "workspace:"'] : []),
]

/** @param {ReadonlyMap<string, string>} files */
const staleChangelog = (files) => {
  const [manifest, changelog] = [files.get('package.json'), files.get('CHANGELOG.md')]
  if (manifest === undefined || changelog === undefined) return []
  const { version } = JSON.parse(manifest)
  const [, newest] = /^## (.*)$/m.exec(changelog) ?? []
  return newest === version ? [] : [`CHANGELOG.md begins with ${newest}, and this is ${version}`]
}

/**
 * @param {string} path
 * @param {string} text
 * @param {ReadonlyMap<string, string>} files
 */
const lostSources = (path, text, files) => {
  /** @type {{ sources: string[], sourcesContent?: (string | null)[] }} */
  const { sources, sourcesContent = [] } = JSON.parse(text)
  return sources
    .filter((_, index) => !sourcesContent[index])
    .map((source) => new URL(source, `file:///${path}`).pathname.slice(1))
    .filter((source) => !files.has(source))
    .map((source) => `${path} leads to ${source}, which is not in it`)
}
