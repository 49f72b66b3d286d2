import type { Link } from './link/link.js'
import { clock, visible } from './state/words.js'

/** So that the tab tells how it is, also while another one is read. */
export const titleOf = ({ state, summary, mirror }: Link): string => {
  const name = visible(mirror.hub.name ?? 'conn-hub')
  const known =
    state === 'resting'
      ? summary
      : {
          connected: mirror.counts.connected,
          down: mirror.down.size,
          closedAt: mirror.closedAt,
        }
  const isLive = state === 'live' || state === 'resting'
  if (!isLive || !known || known.closedAt !== undefined) return `not live · ${name}`
  // A page that rests has not heard where a record was moved.
  const at = mirror.moment && state !== 'resting' ? ` at ${clock(mirror.moment.at)}` : ''
  const down = known.down > 0 ? ` · ${known.down} down` : ''
  return `${known.connected} connected${down}${at} · ${name}`
}

/** Of the moment that is painted. What is hidden is not painted, and there the title is read: it is set at once. */
export const keepTitle = (link: Link): void => {
  let isDue = false
  const set = () => {
    isDue = false
    const title = titleOf(link)
    if (document.title !== title) document.title = title
  }
  link.subscribe(() => {
    if (document.hidden) return set()
    if (!isDue) requestAnimationFrame(set)
    isDue = true
  })
}
