import { program } from '@conn-hub/build'

export default program({ entry: { main: 'src/main.ts' } })
