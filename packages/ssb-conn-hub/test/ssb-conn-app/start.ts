import { findPort } from '@conn-hub/testkit'
import { type Program, startProgram } from '../program.js'

export interface App extends Pick<Program, 'process' | 'call' | 'end'> {
  readonly address: string
  readonly id: string
  readonly isDropIn: boolean
  /** The types of the hub's events since the last call. */
  told(): string[]
}

/** Starts an app with ssb-conn in a process of its own. */
export const startApp = async (shs: string): Promise<App> => {
  const port = await findPort()
  const toArguments = (folder: string) => [folder, String(port), shs]
  const { first, events, ...program } = await startProgram('ssb-conn-app/app.cjs', toArguments)
  const { id, isDropIn } = first as { id: string; isDropIn: boolean }
  return {
    ...program,
    address: `net:127.0.0.1:${port}~shs:${id.slice('@'.length, -'.ed25519'.length)}`,
    id,
    isDropIn,
    told: () => events.splice(0).map(({ event }) => event),
  }
}
