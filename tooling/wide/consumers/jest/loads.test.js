const { dependencies } = require('./package.json')

const entries = Object.keys(dependencies)
  .filter((name) => name.startsWith('@conn-hub/'))
  .flatMap((name) =>
    Object.entries(require(`${name}/package.json`).exports)
      .filter(([subpath, { require }]) => require !== undefined || subpath === '.')
      .map(([subpath]) => name + subpath.slice(1)),
  )

test.each(entries)('%s is loaded by require', (entry) => {
  expect(Object.keys(require(entry)).length + require(entry).length).not.toBe(0)
})
