import { type ConformanceOptions, conformance, type Subject } from '@conn-hub/conformance'
import { createWebSocketTransport, tokenIdentity } from '@conn-hub/websocket'
import type { Told } from './control.js'
import { FarTransport } from './far-transport.js'

interface Page extends Subject<object> {
  readonly control: WebSocket
}

const setupWith = (control: string): ConformanceOptions<Page> => ({
  setup: () =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(control)
      socket.addEventListener('error', () => reject(new Error('no control')))
      const far = new FarTransport(socket)
      socket.addEventListener('message', ({ data }) => {
        const told: Told = JSON.parse(data)
        if (told.told !== 'address') return
        const identity = tokenIdentity({ token: () => 'page' })
        resolve({
          control: socket,
          peers: [
            { transport: createWebSocketTransport({ identity }), listens: false },
            { transport: far, address: told.address },
          ],
          deadAddress: told.dead,
          noAddress: 'http://127.0.0.1/',
        })
      })
    }),
  teardown: ({ control: socket }) => socket.close(),
  patience: 15_000,
})

/** All rules at once; what each came to, by its name. */
const runKit = async (control: string): Promise<Record<string, string>> => {
  const outcomes: Record<string, string> = {}
  await Promise.all(
    conformance(setupWith(control)).map(async ({ name, run }) => {
      try {
        const lacks = await run()
        outcomes[name] = lacks === undefined ? 'holds' : `not judged: ${lacks}`
      } catch (error) {
        outcomes[name] = String(error)
      }
    }),
  )
  return outcomes
}

Object.assign(globalThis, { runKit, ready: true })
