import type { PeerKey } from '@conn-hub/core'
import type { Explaining } from '../model/policy.js'
import { expect } from '../parts/options.js'

/** Peers that no limit, `prune()` or drain ends while others will do. */
export interface Protection extends Explaining {
  /**
   * Protects a key. Several reasons add up, also the same one twice: it is protected until each was taken back.
   *
   * @returns What takes this one back; it may be called again.
   */
  protect(key: PeerKey, why: string): () => void
  isProtected(key: PeerKey): boolean
  /** Why, in the order in which it was said; empty where it is not protected. */
  reasons(key: PeerKey): readonly string[]
  /** All keys, with their reasons. */
  entries(): IterableIterator<[PeerKey, readonly string[]]>
}

/**
 * A list of keys with reasons, for `limitSessions()`, `prune()` and drains. It goes by keys that sessions have proved.
 *
 * @example
 * const protection = createProtection()
 * const release = protection.protect('bob', 'a call is running')
 * release()
 */
export const createProtection = (): Protection => {
  /** Each reason by its own object, because two may say the same. */
  const keys = new Map<PeerKey, Set<{ readonly why: string }>>()
  const reasons = (key: PeerKey) => Array.from(keys.get(key) ?? [], ({ why }) => why)
  return {
    protect: (key, why) => {
      expect(typeof key === 'string' && key !== '', 'a string that is not empty', 'key')
      expect(typeof why === 'string' && why !== '', 'a string that is not empty', 'why')
      const own = { why }
      const all = keys.get(key) ?? new Set()
      keys.set(key, all.add(own))
      return () => {
        if (all.delete(own) && all.size === 0) keys.delete(key)
      }
    },
    isProtected: (key) => keys.has(key),
    reasons,
    entries: function* () {
      for (const key of [...keys.keys()]) yield [key, reasons(key)] as [PeerKey, string[]]
    },
    explain: (_, key) =>
      key !== undefined && keys.has(key)
        ? [{ by: 'protection', text: `protected: ${reasons(key).join(', ')}` }]
        : [],
  }
}

/** Whether a session has proved a key that is protected. */
export const isProtected = (
  protect: Pick<Protection, 'isProtected'> | undefined,
  session: { readonly key?: PeerKey | undefined },
): boolean => session.key !== undefined && protect?.isProtected(session.key) === true
