import { useState } from 'preact/hooks'
import { ask } from '../control.js'
import { shorten } from '../state/words.js'
import { Confirm } from './confirm.js'

/** Connects to an address, and resets, each after a confirmation; only where the server allows it. */
export const Control = ({ count }: { count: number }) => {
  const [address, setAddress] = useState('')
  const [outcome, setOutcome] = useState('')
  const [asking, setAsking] = useState<'connect' | 'reset'>()
  const cancel = () => setAsking(undefined)
  const connect = async () => {
    cancel()
    setOutcome('Connecting…')
    setOutcome((await ask({ do: 'connect', address })) ?? 'Connected.')
  }
  const reset = async () => {
    cancel()
    setOutcome((await ask({ do: 'reset' })) ?? 'All were disconnected.')
  }
  return (
    <form
      class="control"
      onSubmit={(event) => {
        event.preventDefault()
        setAsking('connect')
      }}
    >
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
      <button type="submit">Connect…</button>
      <button type="button" class="danger" onClick={() => setAsking('reset')}>
        Reset all…
      </button>
      <p role="status">{outcome}</p>
      {asking === 'connect' && (
        <Confirm
          title="Connect?"
          words={`The app will dial ${shorten(address, 80)}.`}
          action="Connect"
          onConfirm={connect}
          onCancel={cancel}
        />
      )}
      {asking === 'reset' && (
        <Confirm
          title="Reset all connections?"
          words={`All ${count.toLocaleString('en')} entries will be disconnected, and dials that run are cancelled. The app goes on.`}
          action="Reset all"
          onConfirm={reset}
          onCancel={cancel}
        />
      )}
    </form>
  )
}
