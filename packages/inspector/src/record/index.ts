export type {
  BeginLine,
  CloseLine,
  EntryLine,
  ErrorLine,
  Line,
  ReadyLine,
  RecordedEntry,
  RecordedError,
  RecordedSession,
  RefusedLine,
  StepLine,
} from './lines.js'
export { type Logger, logTo } from './log-to.js'
export type { Sink } from './outbox.js'
export { type Recorder, type RecordOptions, record } from './record.js'
export { type ReplayedHub, replay } from './replay.js'
export { type FileSystem, rotatingFile } from './rotating-file.js'
export type { WordsOptions } from './words.js'
