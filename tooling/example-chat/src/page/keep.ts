import type { Address, Hub } from '@conn-hub/core'

/** Keeps a connection for as long as the page lives. @conn-hub/keeper does it for many, and with care for the server. */
export const keep = async <S>(hub: Hub<S>, address: Address): Promise<void> => {
  while (!hub.closed) {
    const gone = new Promise<void>((resolve) => {
      const stop = hub.on('*', ({ type }) => {
        if (type !== 'disconnected' && type !== 'connecting-failed') return
        stop()
        resolve()
      })
    })
    hub.connect(address).catch(() => {})
    await gone
    await new Promise((resolve) => setTimeout(resolve, 300 + 700 * Math.random()))
  }
}
