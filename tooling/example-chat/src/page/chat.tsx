import { createHub } from '@conn-hub/core'
import { createKeeper } from '@conn-hub/keeper'
import { createWebSocketTransport, toAddress, watchPage } from '@conn-hub/websocket'
import { render } from 'preact'
import { useSyncExternalStore } from 'preact/compat'
import { createRoom } from './room.js'

const hub = createHub({ transport: createWebSocketTransport() })
const room = createRoom(hub)
watchPage(hub)
createKeeper(hub, { backoff: { base: 500 } }).keep(toAddress('/chat', location.href))

const Chat = () => {
  const [entry] = useSyncExternalStore(hub.subscribe, hub.snapshot)
  const { name, names, lines } = useSyncExternalStore(room.subscribe, room.snapshot)
  const isThere = entry?.state === 'connected'

  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault()
    const form = event.target as HTMLFormElement
    room.say({ text: String(new FormData(form).get('text')) })
    form.reset()
  }
  return (
    <main>
      <header>
        <label>
          I am <input value={name} onChange={(event) => room.rename(event.currentTarget.value)} />
        </label>{' '}
        <output>{entry?.state ?? 'disconnected'}</output>
      </header>
      <section>
        {lines.map(({ name, text }, i) => (
          <p key={i}>
            <b>{name}</b> {text}
          </p>
        ))}
      </section>
      <aside>
        <h2>{names.length} here</h2>
        <ul>
          {names.map((each, i) => (
            <li key={i}>{each}</li>
          ))}
        </ul>
      </aside>
      <form onSubmit={onSubmit}>
        <input name="text" autocomplete="off" placeholder="Say something" disabled={!isThere} />
      </form>
    </main>
  )
}

render(<Chat />, document.body)
