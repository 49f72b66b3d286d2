export interface Queue<T> {
  readonly size: () => number
  readonly push: (item: T) => void
  readonly shift: () => T | undefined
}

/** First in, first out: a stack for those that come, and one for those that go, which is turned over when it is empty. */
export const createQueue = <T>(): Queue<T> => {
  let coming: T[] = []
  let going: T[] = []
  return {
    size: () => coming.length + going.length,
    push: (item) => {
      coming.push(item)
    },
    shift: () => {
      // A reader that keeps up finds nothing, and needs no new array for it.
      if (going.length === 0 && coming.length > 0) {
        going = coming.reverse()
        coming = []
      }
      return going.pop()
    },
  }
}
