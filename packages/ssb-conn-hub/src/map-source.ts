import type { Source } from '@conn-hub/pull-stream'

export const mapSource =
  <T, U>(source: Source<T>, map: (value: T) => U): Source<U> =>
  (abort, callback) =>
    source(abort, (end, value) => (end ? callback(end) : callback(null, map(value as T))))
