import { createHub } from '@conn-hub/core'
import { type InspectorOptions, serveInspector } from '@conn-hub/inspector'
import { createFaultTransport, FaultSession } from '@conn-hub/testkit'
import { onTestFinished } from 'vitest'

const TOKEN = 'a_token-of-the-browser-tests-with-32'

/** In ms: on no machine does a dial, or a session that refuses to close, come to its end while a test looks at it. */
const PATIENT = { dialTimeout: 600_000, closeTimeout: 600_000 }

/** A hub whose addresses look like `KIND:NAME`, and whose peers do as the test says. */
export const createStage = () => {
  const transport = createFaultTransport({ keyOf: (address) => `@${address.split(':')[1]}` })
  transport.describe = (address) => {
    const [kind = '', name = ''] = address.split(':')
    if (!kind || !name) throw new Error('an address looks like KIND:NAME')
    return { kind, key: `@${name}` }
  }
  const hub = createHub({ transport, onError: () => {}, ...PATIENT })
  onTestFinished(() => {
    // Those that refuse to close would be waited for.
    for (const session of transport.sessions) session.end()
    return hub.close()
  })
  return {
    hub,
    transport,
    /** Dials, and leaves it at that. */
    dial: (address: string) => {
      hub.connect(address).catch(() => {})
      return transport.lastDial
    },
    open: (address: string, data?: Record<string, unknown>) => {
      hub.connect(address, data && { data }).catch(() => {})
      return transport.lastDial.succeed()
    },
    accept: (address: string) =>
      transport.inbound(address, new FaultSession('inbound', `@${address.split(':')[1]}`)),
    serve: async (options: InspectorOptions = {}) => {
      const inspector = await serveInspector(hub, { token: TOKEN, ...options })
      onTestFinished(() => inspector.close())
      return inspector
    },
  }
}
