import { commonjs } from '@conn-hub/build'

export default commonjs({
  entry: { index: 'src/index.ts', types: 'src/types.ts' },
  outDir: 'lib',
})
