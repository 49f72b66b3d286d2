import { events } from '@conn-hub/async-iterator'
import { hub } from './app.js'

// Whose `lib` has `esnext.disposable` can say `using`.

export const count = async (): Promise<number> => {
  using _stop = hub.on('connected', () => {})
  await using reading = events(hub)
  const { value } = await reading.next()
  return value?.seq ?? 0
}
