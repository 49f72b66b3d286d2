import { HubError } from '@conn-hub/core'
import { call } from './call.js'
import type { Rpc } from './ssb.js'

/**
 * Asks the other side for its manifest. Every secret-stack from 6.3 answers: to strangers it may be an error, and
 * that is life too.
 */
export const probe = (rpc: Rpc, signal: AbortSignal): Promise<void> => {
  let end = () => {}
  const answered = new Promise<void>((resolve, reject) => {
    const onAbort = () => reject(signal.reason)
    const onClosed = () => reject(closed())
    end = () => {
      signal.removeEventListener('abort', onAbort)
      rpc.removeListener?.('closed', onClosed)
    }
    if (signal.aborted) return onAbort()
    if (rpc.closed) return onClosed()
    signal.addEventListener('abort', onAbort)
    rpc.on('closed', onClosed)

    let isSent = false
    const onAnswer = (error?: unknown) => {
      // What is said before the question is out, our own side says.
      if (!isSent) return reject(error ?? closed())
      // A link that breaks fails what was asked first, and says `closed` right after: that is heard before this goes on.
      Promise.resolve().then(resolve)
    }
    call(() => rpc.manifest?.(onAnswer), reject)
    isSent = true
  })
  return answered.finally(() => end())
}

const closed = (): HubError =>
  new HubError('SESSION_CLOSED', 'The rpc closed before the other side had answered.')
