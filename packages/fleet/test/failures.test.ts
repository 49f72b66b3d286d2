import { describe, expect, it } from 'vitest'
import { toFleetError } from '../src/edges/failures.js'

// What clients say where a connection breaks, or is not there: of `ioredis` 5.8, of `redis` 5.9 and 6.3, and of Node.
const NO_CONNECTION = [
  "Stream isn't writeable and enableOfflineQueue options is false",
  "Socket timeout. Expecting data, but didn't receive any in 5000ms.",
  'Command aborted due to connection close',
  'Command timed out',
  'Connection is closed.',
  'Reached the max retries per request limit (which is 20). Refer to "maxRetriesPerRequest" option for details.',
  'connect ETIMEDOUT',
  'The command was aborted',
  'Connection timeout',
  'The client is closed',
  'The client is offline',
  'Disconnects client',
  'Socket closed unexpectedly',
  'read ECONNRESET',
  'getaddrinfo ENOTFOUND nowhere',
]

describe('what an error of the engine means', () => {
  it.each(NO_CONNECTION)('is that it cannot be reached: %s', (message) => {
    expect(toFleetError(new Error(message)).code).toBe('FLEET_UNREACHABLE')
  })

  it.each([
    ['ENGINE_FAILED', 'ERR unknown subcommand'],
    ['ENGINE_FAILED', 'BUSY Redis is busy running a script'],
    ['FLEET_UNREACHABLE', 'LOADING Redis is loading the dataset in memory'],
    ['LOGIN_REFUSED', "NOPERM User some has no permissions to run the 'xadd' command"],
    ['OUT_OF_MEMORY', "OOM command not allowed when used memory > 'maxmemory'."],
    ['READ_ONLY', "READONLY You can't write against a read only replica."],
    ['WRONG_SHARD', 'MOVED 866 127.0.0.1:7000'],
    ['READ_ONLY', 'EXECABORT Transaction discarded because of: READONLY You can not write.'],
    ['OUT_OF_MEMORY', 'EXECABORT Transaction discarded because of: OOM command not allowed'],
  ])('is %s: %s', (code, message) => {
    expect(toFleetError(new Error(message)).code).toBe(code)
  })
})
