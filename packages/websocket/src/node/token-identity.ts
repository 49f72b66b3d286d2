import { type TokenIdentityOptions, tokenIdentity as toShow } from '../identities/token.js'
import { receive, unauthorized, welcome } from '../identities/words.js'
import type { Identity } from '../model/identity.js'

/**
 * Whoever dials shows a token, in the first message: never in the URL, where it would be logged. One that is refused fails the dial with `UNAUTHORIZED`.
 *
 * @example
 * const identity = tokenIdentity({ token: () => session.token })
 * const hub = createHub({ transport: createWebSocketTransport({ identity }) })
 */
export const tokenIdentity = (options: TokenIdentityOptions): Identity => {
  const identity = toShow(options)
  const { verify } = options
  if (!verify) return identity
  return {
    ...identity,
    async accept(hello) {
      const [shown = ''] = await receive(hello, /^conn-hub token (.+)$/s)
      const key = await verify(shown, hello.request)
      if (typeof key !== 'string' || key === '') throw unauthorized('The token is not good.')
      welcome(hello)
      return key
    },
  }
}
