import { HubError } from '../model/errors.js'

/** What is used of an `AbortSignal`: a signal is known by its shape, because it may come from another realm or a polyfill. */
export interface Signal {
  readonly aborted: boolean
  readonly reason?: unknown
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

export const aborted = (signal: Signal): HubError =>
  new HubError('ABORTED', 'The signal that was passed has aborted this call.', {
    cause: signal.reason,
  })
