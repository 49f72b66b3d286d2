import { resolve } from 'node:path'
import webpack from 'webpack'

// Usage: node webpack.js APP OUTPUT [--no-exports]: as resolvers do that know no `exports`.
const [app, filename, noExports] = process.argv.slice(2)
const compiler = webpack({
  mode: 'production',
  target: 'node',
  entry: resolve(`apps/${app}.js`),
  output: { path: resolve('out'), filename },
  resolve: noExports
    ? { exportsFields: [], importsFields: [], mainFields: ['module', 'main'] }
    : {},
  // Such a resolver knows folders, and no rule against them for `"type": "module"`.
  module: { rules: noExports ? [{ test: /\.m?js$/, resolve: { fullySpecified: false } }] : [] },
})
compiler.run((error, stats) => {
  if (error || stats.hasErrors()) {
    console.error(error ?? stats.toString({ all: false, errors: true }))
    process.exitCode = 1
  }
})
