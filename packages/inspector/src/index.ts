export type { FleetLike, InspectorOptions } from './options.js'
export {
  type InspectorApi,
  type InspectorLogger,
  inspectorPlugin,
  type PluginOptions,
} from './plugin.js'
export { type Inspector, serveInspector } from './serve.js'
