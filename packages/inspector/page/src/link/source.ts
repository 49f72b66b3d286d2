import type { Messages } from '../../../src/protocol.js'

/** A message as it came: JSON, and the place after it, where it has one. */
export interface Heard {
  readonly name: keyof Messages
  readonly json: string
  readonly id: string
}

export interface Source {
  close(): void
}

/** Opens the stream from a place on (`''`: anew). `lost`: it broke, or was refused; nothing more is heard. */
export type OpenSource = (place: string, hear: (message: Heard) => void, lost: () => void) => Source

const NAMES: readonly (keyof Messages)[] = [
  ...(['hello', 'moment', 'beat', 'snapshot', 'changes', 'events', 'closed'] as const),
  ...(['samples', 'aside'] as const),
]

/** A stream of one's own. `base`: where the page is. */
export const openStream = (
  base: string,
  ...[place, hear, lost]: Parameters<OpenSource>
): Source => {
  const after = place && `?after=${encodeURIComponent(place)}`
  const source = new EventSource(`${base}stream${after}`)
  for (const name of NAMES) {
    source.addEventListener(name, ({ data, lastEventId }: MessageEvent<string>) =>
      hear({ name, json: data, id: lastEventId }),
    )
  }
  source.addEventListener('error', () => {
    // It would come again by itself, but does not where it was refused; and why, it never says.
    source.close()
    lost()
  })
  return source
}
