type Timer = { readonly name: string } | undefined

interface Global {
  readonly setTimeout: Timer
  readonly setInterval: Timer
  readonly setImmediate?: Timer
}

/** Whether a test tool, or another world, has put its own clock there, be it for one of the timers alone: no real time would pass. */
export const areTimersReplaced = (): boolean => {
  const { setTimeout, setInterval, setImmediate } = globalThis as unknown as Global
  const isDateFake = (Date as { isFake?: boolean }).isFake === true
  return isDateFake || [setTimeout, setInterval, setImmediate].some(isFake)
}

/** Those of fake-timers, which Jest and vitest use, have their clock; those of node:test are private methods. */
const isFake = (timer: Timer): boolean =>
  timer !== undefined && ('clock' in timer || timer.name.includes('#'))
