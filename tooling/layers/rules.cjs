// The layers of the house: an import goes only to a lower rank. Each rule says why it is there.

const inside = (name) => `^packages/${name}/src/`
const forbid = (name, from, to, comment) => ({ name, severity: 'error', from, to, comment })

/** These still have circles. Take each from this list as soon as it has none, and the list away with the last. */
const CIRCLES_TO_MEND = [
  '^tooling/proof/src/(soak|fuzz)/',
  '^tooling/proof/src/faults/peer-(handle|process)\\.ts$',
  '^tooling/bench/src/subjects/',
]

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    forbid(
      'core-stands-alone',
      { path: inside('core') },
      { pathNot: inside('core') },
      'Core runs wherever JavaScript runs, and every user pays for what it needs: it imports itself alone, no package and no node: module.',
    ),
    forbid(
      'facades-know-the-types-of-core-alone',
      { path: inside('(pull-stream|async-iterator)') },
      { path: inside('core'), dependencyTypesNot: ['type-only'] },
      'A facade that imports code of core could bring a second copy of it. It gets the hub that the app made; `import type` is enough.',
    ),
    forbid(
      'facades-know-no-transport-and-not-each-other',
      { path: inside('(pull-stream|async-iterator)') },
      { path: '^packages/', pathNot: inside('(core|$1)') },
      'Whoever takes one facade must not get the other, nor a transport.',
    ),
    forbid(
      'what-runs-in-browsers',
      { path: inside('(core|pull-stream|async-iterator|conformance)') },
      { dependencyTypes: ['core'] },
      'All but the packages for sbots run in browsers, where there are no node: modules.',
    ),
    forbid(
      'the-adapter-knows-core-alone',
      { path: inside('secret-stack') },
      { path: '^packages/', pathNot: inside('(core|secret-stack)') },
      'A transport hands sessions to the hub; how apps read the hub is not its business.',
    ),
    forbid(
      'websocket-knows-core-alone',
      { path: inside('websocket') },
      { path: '^packages/', pathNot: inside('(core|websocket)') },
      'A transport hands sessions to the hub; how apps read the hub, and who watches over it, is not its business.',
    ),
    forbid(
      'websocket-keeps-the-server-apart',
      { path: inside('websocket'), pathNot: '^packages/websocket/src/(node/|index)' },
      { path: '^packages/websocket/src/node/|^node_modules/', dependencyTypesNot: ['core'] },
      'A page carries nothing of the server: only the entry for Node leads to it.',
    ),
    forbid(
      'websocket-runs-in-browsers',
      { path: inside('websocket'), pathNot: '^packages/websocket/src/node/' },
      { dependencyTypes: ['core'] },
      'Its entry for browsers shares all but the folder node/ with the one for Node.',
    ),
    forbid(
      'nobody-imports-ws',
      { path: inside('websocket') },
      { path: 'node_modules/ws/' },
      "ws is the app's own, in the version that it runs: the transport takes its server and its class.",
    ),
    forbid(
      'conformance-knows-core-alone',
      { path: inside('conformance') },
      { path: '^packages/', pathNot: inside('(core|conformance)') },
      'The rules of a transport are the same for all: whoever tests one must not get another.',
    ),
    forbid(
      'the-inspector-knows-core-alone',
      { path: inside('inspector') },
      { path: '^packages/', pathNot: inside('(core|inspector)') },
      'It looks at any hub, whatever its transport and however its app reads it.',
    ),
    forbid(
      'programs-stay-out-of-the-library',
      { path: inside('inspector'), pathNot: '^packages/inspector/src/cli/' },
      { path: '^packages/inspector/src/cli/' },
      'An app that serves the inspector must not load what draws tables on a terminal.',
    ),
    forbid(
      'nobody-imports-secret-stack',
      { path: '^packages/' },
      { path: 'node_modules/secret-stack' },
      "secret-stack is the app's own, in the version that it runs: the adapter takes the running instance.",
    ),
    forbid(
      'nothing-ships-from-tooling',
      { path: '^packages/' },
      { path: '^tooling/' },
      'What is in tooling is private: a package that imports it could not be installed.',
    ),
    forbid(
      'no-circle',
      { pathNot: CIRCLES_TO_MEND },
      { circular: true },
      'A reader must be able to begin somewhere: arrows go one way.',
    ),
    forbid(
      'nothing-unresolved',
      {},
      { couldNotResolve: true },
      "An import that resolves to nothing fails at the user's.",
    ),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.base.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@conn-hub/source', 'import', 'require', 'default'],
      extensions: ['.ts', '.js', '.d.ts'],
    },
  },
}
