import { FleetError, type FleetErrorCode } from '../model/errors.js'

/** How Redis and its clients begin what they say, and what it means. */
const WORDS: readonly (readonly [RegExp, FleetErrorCode, string])[] = [
  [
    /^(WRONGPASS|NOAUTH|NOPERM|ERR AUTH|ERR invalid password)/i,
    'LOGIN_REFUSED',
    'Check user, password and what the user may do',
  ],
  [/^(READONLY|NOREPLICAS)/, 'READ_ONLY', 'Connect to the primary, not to a replica'],
  [
    /^(MOVED|ASK|CROSSSLOT|CLUSTERDOWN)/,
    'WRONG_SHARD',
    'The fleet needs a Redis that is no cluster, or its one shard',
  ],
  [/^OOM/, 'OUT_OF_MEMORY', 'Redis has reached maxmemory: give it more, or evict less'],
  [/^WRONGTYPE/, 'FOREIGN_DATA', 'Another program uses our keys: give the engine another name'],
  [
    /^(LOADING|MASTERDOWN|UNBLOCKED|Disconnects)|ECONN|ENOTFOUND|EAI_AGAIN|EHOST|ETIMEDOUT|EPIPE|clos(e|ed)\b|aborted|offline|writeable|not ready|max retries|time(d )?out/i,
    'FLEET_UNREACHABLE',
    'The machine goes on alone until Redis answers',
  ],
]

/** What `EXEC` puts before the reason why it ran nothing. */
const OF_EXEC = /^EXECABORT Transaction discarded because of: /

/** An error of an engine, with a code and what to do. */
export const toFleetError = (error: unknown): FleetError => {
  if (error instanceof Error && error.name === 'FleetError') return error as FleetError
  const text = messageOf(error)
  const reason = text.replace(OF_EXEC, '')
  for (const [words, code, hint] of WORDS) {
    if (words.test(reason)) return new FleetError(code, `${text}. ${hint}.`, { cause: error })
  }
  return new FleetError('ENGINE_FAILED', `The engine failed: ${text}`, { cause: error })
}

/** Never throws and never grows long, whatever was thrown. */
export const messageOf = (error: unknown): string => {
  try {
    const { message, code } = (error ?? {}) as { message?: unknown; code?: unknown }
    // An AggregateError of Node has a code and no message.
    return String(message || code || error).slice(0, 300)
  } catch {
    return 'an error that cannot be printed'
  }
}
