/** The brand of core's errors: `isHubError()` knows these, too, and this package need not load core for it. */
const brand = Symbol.for('@conn-hub/HubError')

/**
 * What went wrong, for programs.
 *
 * | code | what happened |
 * | --- | --- |
 * | `INVALID_OPTION` | an option has the wrong type or range, or a name that is not known |
 * | `CLIENT_UNKNOWN` | what `redisEngine()` was given is neither a client of `redis` nor one of `ioredis` |
 * | `CLIENT_IS_CLUSTER` | the client is in cluster mode: the fleet needs one shard |
 * | `CLIENT_QUEUES` | the client keeps commands for as long as Redis is away; the message says what to set |
 * | `FLEET_UNREACHABLE` | the engine cannot be reached, or `find()` has nobody to ask; `cause` says why |
 * | `ENGINE_SLOW` | the engine has not answered within 2 s |
 * | `ENGINE_FAILED` | the engine refused for a reason that has no code of its own; `cause` is its error |
 * | `ENGINE_LOST_DATA` | the engine came back without what was written last: everything is published anew |
 * | `LOGIN_REFUSED` | user or password are wrong, or the user may not run a command |
 * | `READ_ONLY` | the client is connected to a replica |
 * | `WRONG_SHARD` | Redis runs as a cluster, and our keys are on another node |
 * | `OUT_OF_MEMORY` | Redis has reached `maxmemory` |
 * | `STREAM_TRIMMED` | changes were dropped before this machine had read them: all machines are read anew |
 * | `FOREIGN_DATA` | there is something under our keys that no fleet has written; it is left out |
 * | `OTHER_VERSION` | a machine publishes in a form that this version cannot read; it is left out |
 * | `NAME_TAKEN` | another live machine has the same name; both are shown |
 * | `PUBLISH_FAILED` | `publish` threw; the entry is published without data |
 * | `DATA_NOT_JSON` | what `publish` gave is no JSON: the entry is published without data. Or a key or an address has half a character of UTF-16 in it: the entry is not published |
 * | `DATA_TOO_BIG` | what `publish` gave has more than 4,096 characters as JSON, or the key or the address of an entry more than that |
 * | `LISTENER_FAILED` | a listener threw or rejected; `cause` is its error |
 * | `NOT_FOLLOWING` | `entries()` and `changes()` need `follow: true` |
 * | `FLEET_LEFT` | `leave()` was called, or the hub has closed |
 */
export type FleetErrorCode =
  | 'INVALID_OPTION'
  | 'CLIENT_UNKNOWN'
  | 'CLIENT_IS_CLUSTER'
  | 'CLIENT_QUEUES'
  | 'FLEET_UNREACHABLE'
  | 'ENGINE_SLOW'
  | 'ENGINE_FAILED'
  | 'ENGINE_LOST_DATA'
  | 'LOGIN_REFUSED'
  | 'READ_ONLY'
  | 'WRONG_SHARD'
  | 'OUT_OF_MEMORY'
  | 'STREAM_TRIMMED'
  | 'FOREIGN_DATA'
  | 'OTHER_VERSION'
  | 'NAME_TAKEN'
  | 'PUBLISH_FAILED'
  | 'DATA_NOT_JSON'
  | 'DATA_TOO_BIG'
  | 'LISTENER_FAILED'
  | 'NOT_FOLLOWING'
  | 'FLEET_LEFT'

/**
 * The one class of errors of a fleet. `isHubError()` of core says yes to it.
 *
 * @example
 * fleet.on('error', ({ code, message }) => console.warn(code, message))
 */
export class FleetError extends Error {
  /** `FleetError`, also where a bundler has renamed the class. */
  override readonly name = 'FleetError'
  /** What happened, for programs. It never changes. */
  readonly code: FleetErrorCode
  /** The error below, as it was thrown. */
  declare readonly cause?: unknown

  constructor(code: FleetErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.code = code
  }

  /** What goes into JSON: without the stack, and without the cause, which may hold anything. */
  toJSON(): { name: string; code: string; message: string } {
    return { name: this.name, code: this.code, message: this.message }
  }

  get [brand](): true {
    return true
  }
}
