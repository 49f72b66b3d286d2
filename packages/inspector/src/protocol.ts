// What crosses the wire, as JSON. The server, the page and the terminal program share it.
export type * from './protocol/answers.js'
export type * from './protocol/messages.js'
export type * from './protocol/things.js'
