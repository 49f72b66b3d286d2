import { library, program } from '@conn-hub/build'

// Both write to `dist`: the first empties it, but for the page, which has a build of its own.
export default [
  library({ clean: ['!page/**', '!cli.*'], shims: true }),
  program({ entry: { cli: 'src/cli/main.ts' }, clean: false }),
]
