import type { Listener } from './buses.js'

export interface Heard {
  count: number
  sum: number
}

/**
 * Functions of several sources, as the listeners of an app are: were they all one, the engine would put its body
 * into the loop of the bus, and measure no call at all.
 */
export const createListeners = (number: number): { listeners: Listener[]; heard: Heard } => {
  const heard: Heard = { count: 0, sum: 0 }
  const makers: (() => Listener)[] = [
    () => (event) => {
      heard.count++
      heard.sum += event.value
    },
    () =>
      ({ value }) => {
        heard.count += 1
        heard.sum += value
      },
    () => (event) => {
      heard.sum += event.value
      heard.count++
    },
    () => (event) => {
      const { value } = event
      heard.sum += value
      heard.count += 1
    },
    () => (event) => {
      heard.sum = heard.sum + event.value
      ++heard.count
    },
  ]
  const listeners = Array.from({ length: number }, (_, i) =>
    (makers[i % makers.length] as () => Listener)(),
  )
  return { listeners, heard }
}
