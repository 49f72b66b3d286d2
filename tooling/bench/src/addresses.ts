import { createHash } from 'node:crypto'

let count = 0

/** Keys that no run of this process has seen, the same in each process. */
export const newKeys = (number: number): string[] =>
  Array.from({ length: number }, () => {
    const hash = createHash('sha256').update(String(count++)).digest('base64url')
    // Only what every form of address allows in a key.
    return `${hash.replace(/[-_]/g, 'x')}=`
  })

export const toSsbAddress = (key: string): string => flat(`net:10.0.0.1:8008~shs:${key}`)

/** V8 joins strings at their first use: that must be now, and not at somebody's expense. */
export const flat = (text: string): string => Buffer.from(text).toString('latin1')
