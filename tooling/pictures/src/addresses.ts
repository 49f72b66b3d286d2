import { createHash } from 'node:crypto'

export interface Address {
  readonly address: string
  readonly key: string
  readonly kind: string
}

/** Some kinds are more common than others. */
const KINDS = ['internet', 'internet', 'internet', 'lan', 'lan', 'tunnel', 'bt']

/** The address of a peer, by its number: it is like no real one. */
export const addressAt = (number: number, pick: <T>(list: readonly T[]) => T): Address => {
  const kind = pick(KINDS)
  const shs = createHash('sha256').update(String(number)).digest('base64')
  const key = `@${shs}.ed25519`
  const place: Record<string, string> = {
    internet: `net:${['pub', 'room', 'gate'][number % 3]}-${number}.example.net:8008`,
    lan: `net:192.168.${Math.floor(number / 250)}.${(number % 250) + 2}:8008`,
    tunnel: `tunnel:@room:${key}`,
    bt: `bt:${shs.slice(0, 17).toLowerCase()}`,
  }
  return { address: `${place[kind]}~shs:${shs}`, key, kind }
}
