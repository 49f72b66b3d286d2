// The layers of the house: an import goes only to a lower rank. Each rule says why it is there.

const inside = (name) => `^packages/${name}/src/`
const forbid = (name, from, to, comment) => ({ name, severity: 'error', from, to, comment })

/** The rooms of core, each with those that it may know. */
const rooms = (...all) =>
  all.map(([room, below, comment]) =>
    forbid(
      `core-${room}-knows-${below.join('-') || 'nobody'}`,
      { path: `^packages/core/src/${room}/` },
      { path: inside('core'), pathNot: `^packages/core/src/(${[room, ...below].join('|')})/` },
      comment,
    ),
  )

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    forbid(
      'core-stands-alone',
      { path: inside('core') },
      { pathNot: inside('core') },
      'Core runs wherever JavaScript runs, and every user pays for what it needs: it imports itself alone, no package and no node: module.',
    ),
    ...rooms(
      ['model', [], 'What the hub says is read first, by everybody: it needs nothing else.'],
      ['edges', ['model'], 'What checks strangers knows the words, and no state.'],
      ['state', ['model', 'edges'], 'What is knows nobody who waits for it to change.'],
      [
        'calls',
        ['model', 'edges', 'state'],
        'What decides is asked by the hub, and asks no reader.',
      ],
      [
        'views',
        ['model', 'edges'],
        'A view needs of a hub what it tells: so one that is replayed is enough.',
      ],
    ),
    forbid(
      'nobody-inside-core-knows-the-hub',
      { path: inside('core'), pathNot: '^packages/core/src/(hub|index)\\.ts$' },
      { path: '^packages/core/src/(hub|index)\\.ts$' },
      'The hub passes on to the rooms; a room that called it would go in a circle.',
    ),
    forbid(
      'the-hub-has-no-views',
      { path: '^packages/core/src/(hub|index)\\.ts$' },
      { path: `${inside('core')}views/` },
      'Views are an entry of their own: who reads no view does not pay for them.',
    ),
    forbid(
      'facades-run-the-views-of-core-alone',
      { path: inside('(pull-stream|async-iterator)') },
      {
        path: inside('core'),
        pathNot: '^packages/core/src/views/index\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
      'A facade gets the hub that the app made. Of core it runs `@conn-hub/core/view` alone, of which a second copy is harmless; for the rest `import type` is enough.',
    ),
    forbid(
      'facades-know-no-transport-and-not-each-other',
      { path: inside('(pull-stream|async-iterator)') },
      { path: '^packages/', pathNot: inside('(core|$1)') },
      'Whoever takes one facade must not get the other, nor a transport.',
    ),
    forbid(
      'what-runs-in-browsers',
      {
        path: inside(
          '(core|pull-stream|async-iterator|conformance|simulation|keeper|policies|opentelemetry|fleet)',
        ),
      },
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
      { path: '^packages/websocket/src/node/' },
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
    ...['keeper', 'policies', 'opentelemetry', 'fleet'].map((name) =>
      forbid(
        `${name}-knows-core-alone`,
        { path: inside(name) },
        { path: '^packages/', pathNot: inside(`(core|${name})`) },
        'What stands above a hub is composed by the app: whoever takes one must not get another. They show each other functions and objects, in options.',
      ),
    ),
    forbid(
      'conformance-knows-core-alone',
      { path: inside('conformance') },
      { path: '^packages/', pathNot: inside('(core|conformance)') },
      'The rules of a transport are the same for all: whoever tests one must not get another.',
    ),
    forbid(
      'simulation-knows-core-and-conformance',
      { path: inside('simulation') },
      { path: '^packages/', pathNot: inside('(core|conformance|simulation)') },
      'It simulates hubs and what stands on them, and none of that: an app brings its own packages.',
    ),
    forbid(
      'nobody-ships-the-simulation',
      { path: '^packages/', pathNot: inside('simulation') },
      { path: inside('simulation') },
      'It replaces the clock of the whole process: it belongs into tests alone.',
    ),
    forbid(
      'time-of-a-simulation-knows-no-network',
      { path: '^packages/simulation/src/time/' },
      {
        path: '^packages/simulation/src/',
        pathNot: '^packages/simulation/src/(time/|errors\\.ts)',
      },
      'What replaces the clock can be understood, and changed, alone.',
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
      'the-recorder-stands-alone',
      { path: '^packages/inspector/src/record/' },
      { path: '.', pathNot: '^packages/inspector/src/record/', dependencyTypesNot: ['type-only'] },
      'Whoever records does not load the server, and records in a browser too.',
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
      {},
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
