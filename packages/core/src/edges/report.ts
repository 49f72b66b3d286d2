import type { ErrorOrigin } from '../model/errors.js'
import { isThenable } from './guards.js'
import { printable } from './printable.js'

/** Where errors go that nobody waits for. Never throws. */
export type Report = (error: unknown, from: ErrorOrigin) => void

export const createReport =
  (onError: Report = print): Report =>
  (error, from) => {
    const printBoth = (failure: unknown) => {
      print(error, from)
      print(failure, { origin: 'listener', call: 'onError' })
    }
    try {
      const result: unknown = onError(error, from)
      if (isThenable(result)) result.then(undefined, printBoth)
    } catch (failure) {
      printBoth(failure)
    }
  }

const print: Report = (error, { origin, call, address }) => {
  try {
    const where = address === undefined ? call : `${call}, ${printable(address)}`
    console.error(`conn-hub: error in ${origin} (${where}): ${printable(textOf(error))}`)
  } catch {
    // A test set-up may have replaced the console by one that throws: there is nobody left to tell.
  }
}

const textOf = (error: unknown): string => {
  try {
    return String((error instanceof Error && error.stack) || error)
  } catch {
    return 'an error that cannot be printed'
  }
}
