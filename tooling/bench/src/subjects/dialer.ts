/** Dials and closes links inside the process, which the transport below opens at once. */
export interface Dialer {
  /** So many peers that nobody has dialed, ready to be dialed. */
  prepare(peers: number): Promise<readonly unknown[]>
  dial(peer: unknown): Promise<unknown>
  close(peer: unknown): Promise<unknown>
  /** How many links are open. */
  open(): number
  end(): Promise<void>
}

export type OpenDialer = () => Promise<Dialer>
