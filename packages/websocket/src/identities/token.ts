import type { PeerKey } from '@conn-hub/core'
import type { Identity } from '../model/identity.js'
import type { UpgradeRequest } from '../model/link.js'
import { callback, invalid, readOptions } from '../settings.js'
import { unauthorized, welcomed } from './words.js'

/** What `tokenIdentity` is given: `token` by those who dial, `verify` by those who are dialed. */
export interface TokenIdentityOptions {
  /** Gives the token that is shown. Asked at each dial, so that one that was renewed is used. */
  readonly token?: (() => string | Promise<string>) | undefined
  /** Gives the key of whom the token belongs to; `undefined` where it is not, or no more, good. */
  readonly verify?:
    | ((
        token: string,
        request: UpgradeRequest | undefined,
      ) => PeerKey | undefined | Promise<PeerKey | undefined>)
    | undefined
}

/**
 * Whoever dials shows a token, in the first message: never in the URL, where it would be logged. One that is refused fails the dial with `UNAUTHORIZED`.
 * This is the side that dials: all that a page needs.
 *
 * @example
 * const identity = tokenIdentity({ token: () => session.token })
 * const hub = createHub({ transport: createWebSocketTransport({ identity }) })
 */
export const tokenIdentity = (options: TokenIdentityOptions): Identity => {
  const { token, verify } = readOptions<TokenIdentityOptions>(options, {
    token: callback(),
    verify: callback(),
  })
  if (!token && !verify)
    throw invalid('tokenIdentity takes the function token, or verify, or both.')
  return {
    async dial(hello) {
      if (!token) throw unauthorized('tokenIdentity needs a function "token" to dial.')
      const shown = await token()
      if (typeof shown !== 'string' || shown === '')
        throw unauthorized('The function "token" gave no token.')
      hello.send(`conn-hub token ${shown}`)
      await welcomed(hello)
      return undefined
    },
  }
}
