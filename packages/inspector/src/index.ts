export type { InspectorOptions } from './options.js'
export { type Inspector, serveInspector } from './serve.js'
