import type { Link } from '../link/link.js'
import type { Refusal } from '../link/refusal.js'
import { clock } from '../state/words.js'

/** What whoever looks can do. */
const ADVICE: Record<Refusal, string> = {
  away: 'Trying again by itself; see that the app runs.',
  token:
    'The app answers, but not to this address: it has another token now. Open the address that it prints.',
  host: 'The app answers, but not by this name. Give the name to its option allowedHosts.',
  full: 'All places for pages are taken: close one of the others, and this one goes on.',
  broken: 'Trying again by itself.',
}

const wordsOf = ({ state, lostAt, why, mirror }: Link): string | undefined => {
  const since = clock(lostAt)
  if (state === 'lost') {
    return `The link to the hub is lost since ${since}. What you see is how it was then. ${ADVICE[why ?? 'away']}`
  }
  if (state === 'silent') {
    return `Nothing has been heard since ${since}, though the link stands: the app hangs, or something between holds it back. What you see is how it was then.`
  }
  if (mirror.closedAt !== undefined) {
    return `The hub has closed at ${clock(mirror.closedAt)}. Start the app again, and this page goes on.`
  }
  return undefined
}

/** What is wrong with the link, if anything. Always there, so that a screen reader hears it change. */
export const Banner = ({ link }: { link: Link }) => {
  const words = wordsOf(link)
  return (
    <div role="status" class="banner" data-shown={words !== undefined}>
      {words}
    </div>
  )
}
