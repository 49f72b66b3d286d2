const { createHub, dialer } = require('@conn-hub/core')

/** A session that closes at once. */
const createSession = (handle, direction = 'outbound') => {
  const listeners = []
  return {
    handle,
    direction,
    close: () =>
      listeners.splice(0).forEach((tell) => {
        tell()
      }),
    onClosed: (listener) => listeners.push(listener),
  }
}

exports.createSession = createSession
exports.createPlayHub = (options) =>
  createHub({
    transport: { describe: () => ({}), dial: dialer(async (address) => createSession(address)) },
    ...options,
  })

/** Turns of the microtask queue, which no timer of a test tool holds back. */
exports.turns = async (count = 20) => {
  for (let i = 0; i < count; i++) await Promise.resolve()
}
