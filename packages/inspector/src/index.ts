export type {
  ControlAnswer,
  ControlRequest,
  Messages,
  PlainEntry,
  PlainError,
  PlainEvent,
} from './protocol.js'
