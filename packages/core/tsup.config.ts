import { library } from '@conn-hub/build'

// Split, so that an app which has both entries has what they share once.
export default library({
  entry: { index: 'src/index.ts', view: 'src/views/index.ts' },
  splitting: true,
})
