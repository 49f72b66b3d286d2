/** What a page and the server of its test tell each other of the server's sessions. */
export type Told =
  | { readonly told: 'address'; readonly address: string; readonly dead: string }
  | { readonly told: 'session'; readonly id: number; readonly address: string }
  | {
      readonly told: 'closed'
      readonly id: number
      readonly error?: string
      readonly reason?: string
    }
  | { readonly told: 'answered'; readonly call: number; readonly error?: string }

export type Asked =
  | { readonly asked: 'close'; readonly id: number; readonly reason: string }
  | { readonly asked: 'destroy'; readonly id: number }
  | { readonly asked: 'probe'; readonly id: number; readonly call: number }
  | { readonly asked: 'abort'; readonly call: number }
