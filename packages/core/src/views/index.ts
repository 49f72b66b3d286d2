export type { ChangeSet } from './change-log.js'
export { createView, type OptionsOf, type Views } from './create-view.js'
export type { EventsOptions, Overflow, ViewOptions } from './options.js'
export type { Notify, View } from './view.js'
