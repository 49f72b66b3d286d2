import { fileURLToPath } from 'node:url'

// What every run of the tests shares. It imports no vitest, because `tooling/nodes` has another one.

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** Tests run on the sources, so they need no build; only tests of what is published import from dist. */
export const onSources = {
  resolve: { conditions: ['@conn-hub/source', 'import', 'default'] },
  ssr: { resolve: { conditions: ['@conn-hub/source', 'node', 'import', 'default'] } },
}

export const settings = {
  restoreMocks: true,
  // Real sbots, browsers and processes need time on a slow or busy machine; no test waits that long when all is well.
  testTimeout: 300_000,
  hookTimeout: 300_000,
  // Many tests wait for sockets and processes: three keep two cores busy.
  maxWorkers: 3,
}
