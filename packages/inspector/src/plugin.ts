import { type Hub, HubError } from '@conn-hub/core'
import type { InspectorOptions } from './options.js'
import { type Inspector, serveInspector } from './serve.js'

/** What is used of the sbot that runs the plugin. */
export interface HostSbot {
  readonly id?: unknown
  readonly close: {
    hook(
      wrapper: (this: unknown, close: (...args: unknown[]) => unknown, args: unknown[]) => unknown,
    ): void
  }
}

export interface PluginOptions<Ssb extends HostSbot = HostSbot> extends InspectorOptions {
  /**
   * The hub to show. Called once, when the sbot starts. Default: the one below `ssb.connHub` or `ssb.conn`, where a
   * plugin that was used before this one has made it.
   */
  readonly hub?: ((ssb: Ssb) => Hub<unknown>) | undefined
  /** Where the address is told, and why it does not run. Default: they are printed; `false`: nowhere. The address holds the token. */
  readonly logger?: InspectorLogger | false | undefined
}

/** `console`, pino, or anything like them. */
export interface InspectorLogger {
  info(message: string): void
  error(message: string): void
}

/** `ssb.connHubInspector`. It does not cross muxrpc: the address holds the token. */
export interface InspectorApi {
  url(): Promise<string>
}

/**
 * The inspector as a plugin of secret-stack, which prints its address when the sbot starts.
 *
 * @example
 * SecretStack().use(ConnHub).use(inspectorPlugin({ port: 8009 }))
 */
export const inspectorPlugin = <Ssb extends HostSbot = HostSbot>(
  options: PluginOptions<Ssb> = {},
) => ({
  name: 'connHubInspector',
  version: '1.0.0',
  manifest: {},
  init: (ssb: Ssb): InspectorApi => {
    const { hub = hubOf, logger = printer, ...others } = options
    // An sbot has a key of its own.
    const key = typeof ssb.id === 'string' ? { key: ssb.id } : {}
    const serving = serveInspector(hub(ssb), { ...key, ...others })
    serving.then(tell(logger), tellFailure(logger))
    ssb.close.hook(function (close, args) {
      serving.then((inspector) => inspector.close()).catch(() => {})
      return close.apply(this, args)
    })
    return { url: async () => (await serving).url }
  },
})

const printer: InspectorLogger = {
  info: (message) => console.log(message),
  error: (message) => console.error(message),
}

const tell =
  (logger: InspectorLogger | false) =>
  ({ url }: Inspector): void => {
    if (logger) logger.info(`conn-hub inspector: ${url}`)
  }

/** An sbot does its work without an inspector too. */
const tellFailure =
  (logger: InspectorLogger | false) =>
  (error: Error): void => {
    if (logger) logger.error(`conn-hub inspector: it does not run: ${error.message}`)
  }

/** By which a hub with another contract shows the one below it. */
const CORE_HUB = Symbol.for('@conn-hub/Hub')

type WithHub = { readonly hub?: () => { readonly [CORE_HUB]?: Hub<unknown> } }

const hubOf = (ssb: HostSbot): Hub<unknown> => {
  const { connHub, conn } = ssb as { readonly connHub?: WithHub; readonly conn?: WithHub }
  const hub = connHub?.hub?.()[CORE_HUB] ?? conn?.hub?.()[CORE_HUB]
  if (hub) return hub
  throw new HubError(
    'INVALID_OPTION',
    'The option "hub" is needed: no plugin before this one has a hub to show.',
  )
}
