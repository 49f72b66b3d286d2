/** As core's `HubError`: told apart by its brand, so that this entry runs nothing of core. */
export const hubError = (code: string, message: string): Error =>
  Object.assign(new Error(message), {
    name: 'HubError',
    code,
    [Symbol.for('@conn-hub/HubError')]: true,
  })

export function expect(holds: boolean, option: string, what: string): asserts holds {
  if (!holds) throw hubError('INVALID_OPTION', `The option "${option}" must be ${what}.`)
}

/** Throws `INVALID_OPTION` where there is an option that nobody knows. */
export const checkNames = (options: unknown, known: readonly string[]): void => {
  expect(typeof options === 'object' && options !== null, 'options', 'an object')
  const unknown = Object.keys(options).find((name) => !known.includes(name))
  if (unknown === undefined) return
  throw hubError(
    'INVALID_OPTION',
    `There is no option "${unknown}". The options here are ${known.join(', ')}.`,
  )
}

/** Throws `INVALID_OPTION`, or `HUB_CLOSED`. */
export const checkHub = (hub: unknown): void => {
  const { on, entries, closed } = Object(hub) as Record<string, unknown>
  const isHub = typeof on === 'function' && typeof entries === 'function'
  if (!isHub) throw hubError('INVALID_OPTION', 'The first argument must be a hub of createHub().')
  if (closed) throw hubError('HUB_CLOSED', 'This hub is closed: there is nothing to record.')
}

/** @param what Where it was thrown. */
export const print = (what: string, error: unknown): void => {
  try {
    console.error(`conn-hub: ${what}:`, error)
  } catch {
    // A test set-up may have replaced the console by one that throws.
  }
}
