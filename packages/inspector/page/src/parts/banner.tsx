import type { Link } from '../link.js'
import { clock } from '../state/words.js'

const wordsOf = ({ state, lostAt, mirror }: Link): string | undefined => {
  if (state === 'lost') {
    return `The link to the hub is lost since ${clock(lostAt)}. What you see is how it was then. Trying again by itself: nothing to do here; see that the app runs.`
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
