/** As core's `HubError`: told apart by its brand, so that this package runs nothing of core. */
export const hubError = (code: 'INVALID_OPTION' | 'HUB_CLOSED', message: string): Error =>
  Object.assign(new Error(message), {
    name: 'HubError',
    code,
    [Symbol.for('@conn-hub/HubError')]: true,
  })
