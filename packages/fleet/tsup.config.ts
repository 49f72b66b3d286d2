import { library } from '@conn-hub/build'

export default library({
  entry: { index: 'src/index.ts', conformance: 'src/conformance/index.ts' },
  splitting: true,
})
