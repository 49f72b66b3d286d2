import type { Commands, Identity, Message, Reply } from './commands.js'
import type { Report } from './report.js'
import { SbotNode } from './sbot-node.js'

// The program of one process: real sbots with hubs, which do what the parent says. It ends by itself, as
// soon as they are closed: whatever they leave behind keeps it alive, and is found so.

const nodes: SbotNode[] = []

const execute = async (message: Message): Promise<unknown> => {
  if ('start' in message) {
    const node = await SbotNode.start(message.start)
    return { node: nodes.push(node) - 1, ...node.identity } satisfies Identity
  }
  if ('leave' in message) return closeAll()
  const node = nodes[message.node] as Commands
  return (node[message.command] as (...args: unknown[]) => unknown)(...message.args)
}

const closeAll = async (): Promise<Report[]> => {
  await Promise.all(nodes.map((node) => node.close()))
  return Promise.all(nodes.map((node) => node.report()))
}

const answer = async (message: Message): Promise<void> => {
  const { id } = message
  const reply: Reply = await execute(message).then(
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
