/** Peers at `play:NAME`, whose sessions open and close at once. */
export const open = async (address) => {
  const listeners = []
  return {
    handle: address,
    direction: 'outbound',
    close: () =>
      listeners.splice(0).forEach((tell) => {
        tell()
      }),
    onClosed: (listener) => listeners.push(listener),
  }
}

export const EVENTS = ['connecting', 'connected', 'disconnecting', 'disconnected']

export const same = (actual, expected) => {
  const [a, b] = [actual, expected].map((value) => JSON.stringify(value))
  if (a !== b) throw new Error(`${a} is not ${b}`)
}

/** Runs an app, and says that it came to its end. CommonJS has no `await` at its top. */
export const main = (app) => {
  const print = (text) => (globalThis.document ? document.body.append(text) : console.log(text))
  app().then(
    () => print('all is well'),
    (error) => {
      print(error.stack)
      if (!globalThis.document) process.exitCode = 1
    },
  )
}
