import type { Address } from '@conn-hub/core'
import { generateKeys } from '@conn-hub/testkit'
import type { Commands, Identity } from './commands.js'
import type { PeerProcess } from './peer-process.js'

/** One sbot with a hub in another process, as the test has it. */
export class Peer implements Commands {
  readonly process: PeerProcess
  readonly identity: Identity

  constructor(process: PeerProcess, identity: Identity) {
    this.process = process
    this.identity = identity
  }

  get id(): string {
    return this.identity.id
  }

  get address(): string {
    return this.identity.address
  }

  get port(): number {
    return this.identity.port
  }

  readonly connect = this.#command('connect')
  readonly connectAll = this.#command('connectAll')
  readonly disconnect = this.#command('disconnect')
  readonly leave = this.#command('leave')
  readonly untilEntries = this.#command('untilEntries')
  readonly closeHub = this.#command('closeHub')
  readonly closeSbot = this.#command('closeSbot')
  readonly report = this.#command('report')

  #command<O extends keyof Commands>(command: O): Commands[O] {
    const give = (...args: unknown[]) =>
      this.process.command({ node: this.identity.node, command, args })
    return give as Commands[O]
  }
}

/** Of a port of 127.0.0.1; by default with a key that nobody has. */
export const addressOf = (port: number, id = generateKeys().id): Address =>
  `net:127.0.0.1:${port}~shs:${id.slice('@'.length, -'.ed25519'.length)}`
