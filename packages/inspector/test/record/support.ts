import { createHub } from '@conn-hub/core'
import { createFaultTransport } from '@conn-hub/testkit'
import { onTestFinished } from 'vitest'
import { type RecordOptions, record } from '../../src/record/index.js'

export const A = 'fault:a'
export const B = 'fault:b'

/** A hub whose peers do as the test says, and the lines of its record. */
export const setup = (options: RecordOptions = {}) => {
  const transport = createFaultTransport()
  const hub = createHub({ transport, onError: () => {} })
  onTestFinished(() => hub.close())
  const texts: string[] = []
  const errors: unknown[] = []
  const onError = (error: unknown) => void errors.push(error)
  const recorder = record(hub, (text) => void texts.push(text), { onError, ...options })
  /** All that was written so far, as objects. */
  const lines = async () => {
    await recorder.flush()
    return texts
      .join('')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
  }
  return { hub, transport, recorder, lines, texts, errors }
}
