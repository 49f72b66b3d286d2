import { type ErrorOrigin, textOf } from '../model/errors.js'
import { attempt } from './guards.js'
import { printable } from './printable.js'

/** Where errors go that nobody waits for. Never throws. */
export type Report = (error: unknown, from: ErrorOrigin) => void

export const createReport =
  (onError: Report = print): Report =>
  (error, from) =>
    attempt(
      () => onError(error, from),
      (failure) => {
        print(error, from)
        print(failure, { origin: 'listener', call: 'onError' })
      },
    )

const print: Report = (error, { origin, call, address }) => {
  try {
    const where = [call, address ?? []].flat().join(', ')
    console.error(printable(`conn-hub: error in ${origin} (${where}): ${textOf(error, 'stack')}`))
  } catch {
    // A test set-up may have replaced the console by one that throws: there is nobody left to tell.
  }
}
