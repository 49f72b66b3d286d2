import { findNode } from './src/find.js'
import { runPublished } from './src/published.js'
import { runSuite } from './src/suite.js'

// Usage: node tooling/nodes/run.js [versions…], for example 18 26. Needs a build.
const asked = process.argv.slice(2)
const versions = asked.length > 0 ? asked : ['18', '20', '22', '24', '26']

let ran = 0
for (const wanted of versions) {
  const node = await findNode(wanted)
  if ('missing' in node) {
    console.log(`Node ${wanted}: skipped, ${node.missing}`)
    continue
  }
  const start = performance.now()
  const suite = await runSuite(node.path)
  const published = await runPublished(node.path)
  const seconds = ((performance.now() - start) / 1_000).toFixed(1)
  console.log(`Node ${node.version}: ${suite.summary}; ${published.summary} (${seconds} s)`)
  for (const { ok, output } of [suite, published]) {
    if (ok) continue
    console.log(output)
    process.exitCode = 1
  }
  ran++
}
if (ran === 0) throw new Error('No test was run: there is no package for any of these versions.')
