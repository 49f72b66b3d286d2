import { library } from '@conn-hub/build'

export default library({
  entry: { index: 'src/index.ts', liveness: 'src/liveness/index.ts' },
  splitting: true,
})
