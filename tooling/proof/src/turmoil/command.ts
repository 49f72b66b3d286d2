import { explore } from '@conn-hub/simulation'
import type { Command } from 'commander'
import { addChance, type Chance } from '../chance.js'
import { toCount } from '../count.js'
import { playHour } from './hour.js'
import { FEW, turmoil } from './scenario.js'

interface Options extends Chance {
  readonly peers: number
  readonly minutes: number
}

export const addTurmoil = (program: Command): void => {
  const command = program
    .command('turmoil')
    .description('Plays hubs in a simulated network, where everything fails that can.')
    .option('--peers <number>', 'how many peers', toCount, FEW.peers)
    .option('--minutes <number>', 'how many minutes of virtual time', toCount, 2)
  addChance(command, 'seeds', 1_000).action(play)
  program
    .command('hour')
    .description('Plays an hour of sixty hubs, and says what it took.')
    .action(hour)
}

const hour = async (): Promise<void> => {
  const [begun, cpu] = [performance.now(), process.cpuUsage()]
  const { report, partitions, crashes } = await playHour()
  const { user, system } = process.cpuUsage(cpu)
  const took = ((performance.now() - begun) / 1_000).toFixed(1)
  console.log(
    `${report.happenings} happenings, ${partitions} partitions, ${crashes} crashes in ${took} s ` +
      `(${((user + system) / 1e6).toFixed(1)} s of CPU), hash ${report.hash}, Node ${process.version}`,
  )
}

const play = async ({ runs, seed, peers, minutes }: Options): Promise<void> => {
  console.log(`turmoil: ${peers} peers, ${minutes} minutes, ${runs} seeds from --seed ${seed} on`)
  const begun = performance.now()
  const options = { seeds: runs, from: seed, duration: minutes * 60_000 }
  const { happenings, hash } = await explore(options, turmoil({ ...FEW, peers }))
  const took = ((performance.now() - begun) / 1_000).toFixed(1)
  console.log(`nothing is broken: ${happenings} happenings in ${took} s, hash ${hash}`)
}
