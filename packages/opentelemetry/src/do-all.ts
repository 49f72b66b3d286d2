import { diag } from '@opentelemetry/api'

/** Does all of it. The SDK may throw, and nobody is there to be told but whoever listens to OpenTelemetry's own errors. */
export const doAll = (steps: Iterable<() => void>): void => {
  for (const step of steps) {
    try {
      step()
    } catch (error) {
      diag.error('conn-hub: it was not measured:', error)
    }
  }
}
