import type { Mirror } from '../state/mirror.js'

/** What to do where there is nothing to see. */
export const Empty = ({ mirror }: { mirror: Mirror }) => (
  <div class="empty">
    {mirror.complete ? (
      <>
        <p class="big">No connections yet</p>
        <p>
          A port lights up here as soon as the app calls <code>hub.connect(address)</code>, or a
          peer connects to it.
          {mirror.control ? ' Or enter an address above, and press Connect.' : ''}
        </p>
      </>
    ) : (
      <p class="big">Waiting for the hub…</p>
    )}
  </div>
)
