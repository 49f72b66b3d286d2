import { isFunction, isObject } from '../edges/guards.js'
import { FleetError } from '../model/errors.js'

/** One command with its arguments. As strings: of those there may be a thousand, and no client need copy them. */
export type Command = string[]

/** What the engine needs of a client, whichever it is. */
export interface Commands {
  /** All in one go; gives the reply of each, and rejects with the first error. */
  pipeline(commands: readonly Command[]): Promise<unknown[]>
  /** The same between MULTI and EXEC: all or none. */
  transaction(commands: readonly Command[]): Promise<unknown[]>
  /** Hears what breaks the connection. Gives what ends that. */
  onError(listener: (error: unknown) => void): () => void
  /** Another connection with the same settings, which begins to connect. */
  duplicate(): Commands
  /** What the client puts before each key. */
  readonly prefix: string
  /** Resolves when it can be used, or will not be soon. */
  ready(): Promise<unknown>
  /** It has given up, and will not come back by itself. */
  isOver(): boolean
  /** Ends a connection that `duplicate()` has made, in whatever state it is. */
  destroy(): void
}

/** A client of `ioredis`, as far as it is used. */
export interface IoRedisLike {
  readonly status: string
  readonly options: {
    readonly enableOfflineQueue?: boolean | undefined
    readonly keyPrefix?: string | undefined
  }
  pipeline(commands?: unknown[][]): { exec(): Promise<unknown> }
  multi(commands?: unknown[][]): { exec(): Promise<unknown> }
  duplicate(): unknown
  connect(): Promise<unknown>
  disconnect(): void
  on(type: string, listener: (error: unknown) => void): unknown
  off(type: string, listener: (error: unknown) => void): unknown
}

/** A client of `redis` (node-redis), as far as it is used. */
export interface NodeRedisLike {
  readonly isReady: boolean
  readonly isOpen: boolean
  readonly options?: { readonly disableOfflineQueue?: boolean | undefined } | undefined
  multi(): NodeRedisMulti
  destroy(): void
  duplicate(): unknown
  connect(): Promise<unknown>
  on(type: string, listener: (error: unknown) => void): unknown
  off(type: string, listener: (error: unknown) => void): unknown
}

interface NodeRedisMulti {
  addCommand(args: string[]): unknown
  exec(): Promise<unknown>
  execAsPipeline(): Promise<unknown>
}

/** Looks at what the client can do: no library is loaded for that. */
export const toCommands = (client: unknown): Commands => {
  if (!isObject(client) || !isFunction(client.multi) || !isFunction(client.on)) throw unknown()
  if (client.isCluster === true || isFunction(client.nodeClient) || 'slots' in client) {
    throw new FleetError(
      'CLIENT_IS_CLUSTER',
      'The client is in cluster mode. The keys of a fleet are on one shard: connect to a Redis that is no cluster.',
    )
  }
  if (isIoRedis(client)) return ofIoRedis(client)
  if (isNodeRedis(client)) return ofNodeRedis(client)
  throw unknown()
}

// Only ioredis has pipeline(), and only node-redis isReady: no more of them is used than their interfaces here say.
const isIoRedis = (client: object): client is IoRedisLike =>
  'pipeline' in client && isFunction(client.pipeline)
const isNodeRedis = (client: object): client is NodeRedisLike =>
  'duplicate' in client && isFunction(client.duplicate) && 'isReady' in client

/** A client of ioredis that has not been connected yet, and what it comes to, by its events. */
const BEGINNING = ['wait', 'connecting', 'connect']
const SETTLED = ['ready', 'close', 'end']

const ofIoRedis = (client: IoRedisLike): Commands => {
  if (client.options?.enableOfflineQueue !== false)
    throw queues('ioredis', 'enableOfflineQueue: false')
  let settling: Promise<void> | undefined
  /** One for all that wait: so that the client has no crowd of listeners. */
  const settled = () => {
    settling ??= new Promise((resolve) => {
      const settle = () => {
        settling = undefined
        for (const type of SETTLED) client.off(type, settle)
        resolve()
      }
      for (const type of SETTLED) client.on(type, settle)
    })
    return settling
  }
  const ready = async () => {
    if (client.status === 'wait') client.connect().catch(() => {})
    if (BEGINNING.includes(client.status)) await settled()
  }
  const send = async (make: 'pipeline' | 'multi', commands: readonly Command[]) => {
    await ready()
    assert(client.status === 'ready', `its status is "${client.status}"`)
    return repliesOf(client[make](commands.map(named)).exec())
  }
  const repliesOf = async (running: Promise<unknown>): Promise<unknown[]> => {
    const results = (await running.catch((error) => {
      // EXECABORT tells nothing; what led to it does.
      throw error?.previousErrors?.[0] ?? error
    })) as [unknown, unknown][] | null
    if (results === null)
      throw new Error('A key that the app watches on this connection has changed')
    for (const [error] of results) if (error) throw error
    return results.map(([, reply]) => reply)
  }
  return {
    pipeline: (commands) => send('pipeline', commands),
    transaction: (commands) => send('multi', commands),
    onError: (listener) => listen(client, listener),
    duplicate: () => {
      const other = client.duplicate() as IoRedisLike
      other.on('error', () => {})
      return ofIoRedis(other)
    },
    prefix: client.options.keyPrefix ?? '',
    ready,
    isOver: () => client.status === 'end',
    destroy: () => client.disconnect(),
  }
}

/** The methods of ioredis are named in small letters. */
const named = (command: Command): string[] => {
  const list = command.slice()
  list[0] = list[0]?.toLowerCase() ?? ''
  return list
}

const ofNodeRedis = (client: NodeRedisLike, connecting?: Promise<unknown>): Commands => {
  if (client.options?.disableOfflineQueue !== true)
    throw queues('redis', 'disableOfflineQueue: true')
  let isConnecting = connecting !== undefined
  const connected = () => {
    isConnecting = false
  }
  connecting?.then(connected, connected)
  const multiOf = (commands: readonly Command[]) => {
    // Its pipelines do not ask whether the connection is there, and queue.
    assert(client.isReady, 'isReady is false')
    const multi = client.multi()
    for (const command of commands) multi.addCommand(command)
    return multi
  }
  const repliesOf = async (running: Promise<unknown>): Promise<unknown[]> =>
    (await running.catch((error) => {
      const { replies, errorIndexes } = (error ?? {}) as {
        replies?: unknown[]
        errorIndexes?: number[]
      }
      throw replies?.[errorIndexes?.[0] ?? -1] ?? error
    })) as unknown[]
  return {
    pipeline: async (commands) => repliesOf(multiOf(commands).execAsPipeline()),
    transaction: async (commands) => repliesOf(multiOf(commands).exec()),
    onError: (listener) => listen(client, listener),
    duplicate: () => {
      const other = client.duplicate() as NodeRedisLike
      other.on('error', () => {})
      const opening = other.connect()
      opening.catch(() => {})
      return ofNodeRedis(other, opening)
    },
    prefix: '',
    ready: async () => connecting,
    isOver: () => !isConnecting && !client.isOpen,
    destroy: () => {
      try {
        client.destroy()
      } catch {
        // It has not begun to connect, or has ended already.
      }
    },
  }
}

const listen = (client: Pick<IoRedisLike, 'on' | 'off'>, listener: (error: unknown) => void) => {
  client.on('error', listener)
  return () => void client.off('error', listener)
}

const assert = (holds: boolean, why: string): void => {
  if (!holds) throw new Error(`The client of Redis is not ready: ${why}`)
}

const queues = (library: string, option: string) =>
  new FleetError(
    'CLIENT_QUEUES',
    `This client of ${library} keeps commands for as long as Redis is away. Make one for the fleet with { ${option} }, or by client.duplicate({ ${option} }).`,
  )

const unknown = () =>
  new FleetError('CLIENT_UNKNOWN', 'redisEngine() takes a client of "redis" or of "ioredis".')
