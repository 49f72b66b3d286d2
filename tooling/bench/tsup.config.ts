import { program } from '@conn-hub/build'

export default program({
  entry: { main: 'src/main.ts', sample: 'src/sample.ts', clients: 'src/websocket/clients.ts' },
})
