import { program } from '@conn-hub/build'

export default program({ entry: { index: 'src/index.ts' } })
