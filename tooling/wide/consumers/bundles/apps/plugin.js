import ConnHub from '@conn-hub/ssb-conn-hub'
import { startSbot } from './sbots.js'
import { main, same } from './support.js'

main(async () => {
  const { ssb: plain } = await startSbot()
  const { ssb } = await startSbot(ConnHub)
  const added = Object.keys(ssb).filter((name) => !(name in plain))
  for (const each of [plain, ssb]) each.close(true)
  same(added, ['connHub'])
})
