import { useState } from 'preact/hooks'
import { ask } from '../control.js'
import { Confirm } from './confirm.js'

/** Connects to an address, and resets; only where the server allows it. */
export const Control = ({ count }: { count: number }) => {
  const [address, setAddress] = useState('')
  const [outcome, setOutcome] = useState('')
  const [resetting, setResetting] = useState(false)
  const connect = async (event: Event) => {
    event.preventDefault()
    setOutcome('Connecting…')
    setOutcome((await ask({ do: 'connect', address })) ?? 'Connected.')
  }
  const reset = async () => {
    setResetting(false)
    setOutcome((await ask({ do: 'reset' })) ?? 'All were disconnected.')
  }
  return (
    <form class="control" onSubmit={connect}>
      <label>
        <span>Address</span>
        <input
          required
          maxLength={4096}
          value={address}
          spellcheck={false}
          autocomplete="off"
          onInput={(event) => setAddress(event.currentTarget.value)}
        />
      </label>
      <button type="submit">Connect</button>
      <button type="button" class="danger" onClick={() => setResetting(true)}>
        Reset all…
      </button>
      <p role="status">{outcome}</p>
      {resetting && (
        <Confirm
          title="Reset all connections?"
          words={`All ${count.toLocaleString('en')} entries will be disconnected, and dials that run are cancelled. The app goes on.`}
          action="Reset all"
          onConfirm={reset}
          onCancel={() => setResetting(false)}
        />
      )}
    </form>
  )
}
