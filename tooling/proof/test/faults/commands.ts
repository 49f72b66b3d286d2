import type { Address, PeerKey } from '@conn-hub/core'
import type { SbotOptions } from '@conn-hub/testkit'
import type { Report } from './report.js'

// What the test's process and the peers' processes say to each other.

/** All of it can be sent to another process. */
export interface NodeOptions
  extends Pick<SbotOptions, 'version' | 'keys' | 'caps' | 'host' | 'port'> {
  /** When the sbot itself gives up a handshake, and a link that is idle or that the peer does not let go, in ms. */
  readonly timers?: { readonly handshake?: number; readonly inactivity?: number }
}

export interface Identity {
  /** Its place in its process. */
  readonly node: number
  readonly id: PeerKey
  readonly address: Address
  readonly port: number
}

/** What a node can be told to do. */
export interface Commands {
  /** Gives how it ended: `connected`, or the code of the error. */
  connect(address: Address, timeout?: number): Promise<string>
  /** The same for many, in one go. */
  connectAll(addresses: readonly Address[], timeout?: number): Promise<readonly string[]>
  /** Gives how it ended: `disconnected`, `nothing`, or the code of the error. */
  disconnect(address: Address): Promise<string>
  /** Disconnects every entry of a peer. */
  leave(key: PeerKey): Promise<readonly string[]>
  /** Waits until the hub has so many entries. */
  untilEntries(count: number): Promise<void>
  /** Closes one of the two, and not the other. */
  closeHub(): Promise<void>
  closeSbot(): Promise<void>
  report(): Promise<Report>
}

export type Message =
  | { readonly id: number; readonly start: NodeOptions }
  | {
      readonly id: number
      readonly node: number
      readonly command: keyof Commands
      readonly args: readonly unknown[]
    }
  /** Closes everything, and lets the process end by itself. */
  | { readonly id: number; readonly leave: true }

export type Reply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string }
