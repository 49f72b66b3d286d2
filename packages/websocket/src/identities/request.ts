import type { PeerKey } from '@conn-hub/core'
import type { Identity } from '../model/identity.js'
import type { UpgradeRequest } from '../model/link.js'
import { callback, invalid, readOptions } from '../settings.js'
import { unauthorized } from './words.js'

/** What `requestIdentity` is given. */
export interface RequestIdentityOptions {
  /** Gives the key of whoever sent this request, by its cookie, a header or the subprotocol; `undefined` where nobody is known. */
  readonly who: (request: UpgradeRequest) => PeerKey | undefined | Promise<PeerKey | undefined>
}

/**
 * Whoever dials is known by the request. No message is sent for it, so those who dial need no identity: one who is not known sees the
 * link open, and close with `unauthorized`.
 *
 * @example
 * const identity = requestIdentity({ who: ({ headers }) => users.get(headers.cookie) })
 */
export const requestIdentity = (options: RequestIdentityOptions): Identity => {
  const { who } = readOptions<RequestIdentityOptions>(options, { who: callback() })
  if (!who) throw invalid('requestIdentity takes a function "who".')
  return {
    async accept({ request }) {
      const key = request && (await who(request))
      if (typeof key !== 'string' || key === '')
        throw unauthorized('Nobody is known by this request.')
      return key
    },
  }
}
