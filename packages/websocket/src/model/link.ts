/** What goes over a link: a text, or bytes. */
export type Message = string | Uint8Array

/**
 * The handle of a session: what `connect()` gives, and what an app works with.
 *
 * @example
 * const link = await hub.connect('wss://chat.example.com/')
 * if (!link.send('hello')) await link.drained()
 * for await (const message of link) console.log(message)
 */
export interface WebSocketLink extends AsyncIterable<Message> {
  /**
   * Sends a message. `false` where more than `highWater` bytes wait to be sent: go on after `drained()`; and where the link is closing or has
   * closed: nothing is sent then, and `drained()` says so. Bytes are not copied: leave them as they are.
   *
   * @throws `HubError` with the code `INVALID_MESSAGE` where it is neither text nor bytes, or is one of the two texts of a probe.
   */
  send(data: Message | ArrayBuffer): boolean
  /**
   * Resolves when fewer than `highWater` bytes wait to be sent; at once where that is so. Rejects with `LINK_CLOSED` when the link is closing or
   * has closed.
   */
  drained(): Promise<void>
  /** How many bytes wait to be sent. */
  readonly bufferedAmount: number
  /** The subprotocol that both sides agreed on; empty where there is none. */
  readonly protocol: string
  /** The request by which the other side came; of inbound links alone. */
  readonly request: UpgradeRequest | undefined
  /**
   * The messages from the other side, each for one reader. What nobody reads waits, up to `maxQueue`. The loop ends with the link, after the
   * last message; `break` leaves the link open and what waits in its place, unless the transport has `closeOnBreak`.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<Message>
}

/** The request by which an inbound link came. */
export interface UpgradeRequest {
  /** The path and the query. */
  readonly url: string
  /** Whose address it came from: the socket's, or where that is a trusted proxy, what the proxy says. */
  readonly ip: string
  /** By their names in small letters; those that came several times are joined. */
  readonly headers: Readonly<Record<string, string>>
}
