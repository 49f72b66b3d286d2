/**
 * What Windows does not have, with the tests that need it: files, and folders of them.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const NEEDS = {
  'signals by which a program ends in its own way': [
    'packages/inspector/test/cli',
    'packages/policies/test/recipes.test.ts',
    'tooling/demo/test/demo.test.ts',
    'tooling/example-chat/test/chat.test.ts',
    'tooling/example-fleet/test/example.test.ts',
  ],
  'a signal by which a process hangs, and goes on': [
    'packages/fleet/test/bad-luck.test.ts',
    'packages/fleet/test/faults.test.ts',
    'packages/fleet/test/processes.test.ts',
    'packages/keeper/test/sbot.test.ts',
    'packages/secret-stack/test/probe.test.ts',
    'tooling/proof/test/faults',
  ],
  'files that one user alone may read': ['packages/inspector/test/record/rotating-file.test.ts'],
}

/**
 * What vitest leaves out there.
 *
 * @param {NodeJS.Platform} platform
 */
export const leftOutOn = (platform) => {
  if (platform !== 'win32') return []
  for (const [what, paths] of Object.entries(NEEDS)) {
    console.warn(`Left out, Windows does not have ${what}: ${paths.join(', ')}`)
  }
  return Object.values(NEEDS)
    .flat()
    .map((path) => (path.endsWith('.ts') ? path : `${path}/**`))
}
