/** How many are under way at once. One turn of Node's loop runs them all, and a turn costs ten times as much as a macrotask. */
const AT_ONCE = 64

/**
 * Calls `step` in one macrotask after another, until it gives false: between two, the engine itself runs all microtasks, in its
 * own order. Resolves then, and rejects with what `step` throws. It must be called before the timers are replaced.
 */
export const createLoop = (): ((step: () => boolean) => Promise<void>) => {
  const run = createRunner()
  return (step) =>
    new Promise((resolve, reject) => {
      let isOver = false
      const next = () => {
        if (isOver) return
        try {
          if (step()) return run(next)
          resolve()
        } catch (error) {
          reject(error)
        }
        isOver = true
      }
      for (let count = 0; count < AT_ONCE; count++) run(next)
    })
}

const createRunner = (): ((task: () => void) => void) => {
  const { setImmediate } = globalThis as { setImmediate?: (task: () => void) => void }
  if (setImmediate) return (task) => setImmediate(task)
  const waiting: (() => void)[] = []
  const { port1, port2 } = new MessageChannel()
  const port = port1 as { onmessage?: unknown }
  port.onmessage = () => waiting.shift()?.()
  return (task) => {
    waiting.push(task)
    port2.postMessage(undefined)
  }
}
