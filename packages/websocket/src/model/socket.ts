// What is used of the sockets of others, so that nothing of them is loaded, nor named in our declarations.

/** The `WebSocket` of browsers, the global one of Node, or that of `ws`, which gets options, too. */
// biome-ignore lint/suspicious/noExplicitAny: a class of the app may say more of its options than we know.
export type WebSocketClass = new (url: string, protocols: string[], options?: any) => object

/** What all sockets have. */
export interface LinkSocket {
  readonly bufferedAmount: number
  readonly protocol: string
  /** 1 where it is open. */
  readonly readyState: number
}

/** A socket as browsers have it. */
export interface DomSocket extends LinkSocket {
  binaryType: string
  send(data: string | ArrayBuffer | Uint8Array): void
  close(code?: number, reason?: string): void
  addEventListener(type: string, listener: { handleEvent(event: DomEvent): void }): void
  removeEventListener(type: string, listener: { handleEvent(event: DomEvent): void }): void
}

/** The fields that the events of a socket have. */
export interface DomEvent {
  readonly type: string
  readonly data?: unknown
  readonly code?: number
  readonly reason?: string
  readonly error?: unknown
  readonly message?: string
}

/** A socket of `ws`. */
export interface WsSocket extends LinkSocket {
  send(data: string | ArrayBuffer | Uint8Array, onSent?: () => void): void
  ping(): void
  pause(): void
  resume(): void
  close(code: number, reason: string): void
  terminate(): void
  on(type: string, listener: Listener): unknown
}

/** A `WebSocketServer` of `ws`. */
export interface WsServer {
  readonly options: {
    maxPayload?: number | undefined
    closeTimeout?: number | undefined
    handleProtocols?: unknown
  }
  on(type: 'connection', listener: Listener): unknown
  off(type: 'connection', listener: Listener): unknown
  listenerCount(type: 'connection'): number
}

// biome-ignore lint/suspicious/noExplicitAny: what the emitters of others pass is for their own types to say.
type Listener = (...args: any[]) => void
