import type { Address } from '@conn-hub/core'
import { generateKeys } from '@conn-hub/testkit'
import type { Identity, Orders } from './orders.js'
import type { PeerProcess } from './peer-process.js'

/** One sbot with a hub in another process, as the test has it. */
export class Peer implements Orders {
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

  readonly connect = this.#order('connect')
  readonly connectAll = this.#order('connectAll')
  readonly disconnect = this.#order('disconnect')
  readonly leave = this.#order('leave')
  readonly untilEntries = this.#order('untilEntries')
  readonly closeHub = this.#order('closeHub')
  readonly closeSbot = this.#order('closeSbot')
  readonly report = this.#order('report')

  #order<O extends keyof Orders>(order: O): Orders[O] {
    const give = (...args: unknown[]) =>
      this.process.order({ station: this.identity.station, order, args })
    return give as Orders[O]
  }
}

/** Of a port of 127.0.0.1; by default with a key that nobody has. */
export const addressOf = (port: number, id = generateKeys().id): Address =>
  `net:127.0.0.1:${port}~shs:${id.slice('@'.length, -'.ed25519'.length)}`
