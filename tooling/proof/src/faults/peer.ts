import type { Identity, Message, Orders, Reply } from './orders.js'
import type { Report } from './report.js'
import { Station } from './station.js'

// The program of one process: real sbots with hubs, which do what the parent says. It ends by itself, as
// soon as they are closed: whatever they leave behind keeps it alive, and is found so.

const stations: Station[] = []

const obey = async (message: Message): Promise<unknown> => {
  if ('start' in message) {
    const station = await Station.start(message.start)
    return { station: stations.push(station) - 1, ...station.identity } satisfies Identity
  }
  if ('leave' in message) return closeAll()
  const station = stations[message.station] as Orders
  return (station[message.order] as (...args: unknown[]) => unknown)(...message.args)
}

const closeAll = async (): Promise<Report[]> => {
  await Promise.all(stations.map((station) => station.close()))
  return Promise.all(stations.map((station) => station.report()))
}

const answer = async (message: Message): Promise<void> => {
  const { id } = message
  const reply: Reply = await obey(message).then(
    (result) => ({ id, result }),
    (error) => ({ id, error: String(error?.stack ?? error) }),
  )
  process.send?.(reply, () => {
    if ('leave' in message) letGo()
  })
}

const letGo = (): void => {
  process.off('disconnect', onOrphaned)
  process.disconnect()
}

// No peer outlives the test.
const onOrphaned = () => process.exit(1)

process.on('disconnect', onOrphaned)
process.on('message', answer)
