import { type OpenSource, openStream } from './source.js'
import type { Said, Told } from './worker.js'

/** In ms. */
const HERE = 15_000

/** The stream that all tabs of this browser share; where there are no shared workers, one of our own. */
export const createSharedSource = (base: string): OpenSource => {
  const alone: OpenSource = (...asked) => openStream(base, ...asked)
  if (typeof SharedWorker === 'undefined') return alone
  let worker: SharedWorker | undefined
  try {
    worker = new SharedWorker(new URL('./worker.ts', import.meta.url), { type: 'module' })
  } catch {
    return alone
  }
  const { port } = worker
  const say = (said: Said) => port.postMessage(said)
  let isBroken = false
  let broke = () => {}
  worker.addEventListener('error', () => {
    isBroken = true
    broke()
  })
  return (place, hear, lost) => {
    if (isBroken) return alone(place, hear, lost)
    const here = setInterval(() => say('here'), HERE)
    const end = () => {
      clearInterval(here)
      port.onmessage = null
      broke = () => {}
    }
    broke = () => {
      end()
      lost()
    }
    port.onmessage = ({ data }: MessageEvent<Told>) => {
      if (data !== 'lost') return hear(data)
      end()
      lost()
    }
    say({ join: place })
    return {
      close: () => {
        end()
        say('leave')
      },
    }
  }
}
