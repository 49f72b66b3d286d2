/** What a server asks of the process of its clients. Each is answered by `done` once it has happened. */
export type Order =
  | { readonly do: 'open'; readonly kind: Kind; readonly port: number; readonly count: number }
  | { readonly do: 'echo'; readonly rounds: number }
  | { readonly do: 'close' }

export type Kind = 'ws' | 'token' | 'key' | 'socket.io'
