export type { InspectorOptions } from './options.js'
export { type InspectorApi, inspectorPlugin, type PluginOptions } from './plugin.js'
export { type Inspector, serveInspector } from './serve.js'
