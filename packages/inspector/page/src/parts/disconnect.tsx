import { useState } from 'preact/hooks'
import { ask } from '../control.js'
import { shorten } from '../state/words.js'
import { Confirm } from './confirm.js'

/** Disconnects one address, after a confirmation. */
export const Disconnect = ({ address }: { address: string }) => {
  const [asking, setAsking] = useState(false)
  const [outcome, setOutcome] = useState('')
  const disconnect = async () => {
    setAsking(false)
    setOutcome((await ask({ do: 'disconnect', address })) ?? '')
  }
  return (
    <span class="disconnect">
      <button type="button" class="danger" onClick={() => setAsking(true)}>
        Disconnect…
      </button>
      <span role="status">{outcome}</span>
      {asking && (
        <Confirm
          title="Disconnect?"
          words={`All sessions with ${shorten(address, 80)} will be closed.`}
          action="Disconnect"
          onConfirm={disconnect}
          onCancel={() => setAsking(false)}
        />
      )}
    </span>
  )
}
