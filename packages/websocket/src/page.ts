import type { Hub } from '@conn-hub/core'
import { count, readOptions } from './settings.js'

/** What `watchPage` is given. */
export interface WatchPageOptions {
  /** How long an answer may take, in ms. Default 5 000. Then the session is closed: `unresponsive`. */
  readonly timeout?: number | undefined
}

/** Shorter absences, and jumps of the clock, are no reason to ask, in ms. */
const LONG = 30_000

/** How often the clock is looked at, in ms. */
const TICK = 5_000

/**
 * Watches over the links of a page: whenever it may have lost some without a word, each is asked for a sign of life, and those that give none are
 * closed with `unresponsive`. A page that goes into the cache of the browser closes them: `going-away`. Where there is no page it does nothing.
 *
 * @returns What ends it. The end of the hub ends it, too.
 *
 * @example
 * const stop = watchPage(hub)
 */
export const watchPage = <S>(hub: Hub<S>, options: WatchPageOptions = {}): (() => void) => {
  const { timeout } = readOptions<{ timeout: number }>(options, { timeout: count(5_000) })
  if (typeof document === 'undefined') return () => {}
  const probes = new Set<AbortController>()
  const watch = new AbortController()
  let hiddenAt = Date.now()
  let lookedAt = Date.now()

  const probeAll = (): void => {
    for (const { address, sessions } of hub.entries()) {
      for (const session of sessions) if (session.probe) void ask(address, session)
    }
  }

  const ask = async (address: string, session: Session<S>): Promise<void> => {
    const began = Date.now()
    const controller = new AbortController()
    const timer = setTimeout(() => controller.abort(), timeout)
    probes.add(controller)
    try {
      await session.probe?.(controller.signal)
    } catch {
      // It has ended with the link, or with the watch.
      if (!controller.signal.aborted || watch.signal.aborted) return
      // The page was frozen meanwhile: that says nothing of the link.
      if (Date.now() - began > timeout + TICK) void ask(address, session)
      else hub.disconnect(address, { session, reason: 'unresponsive' }).catch(() => {})
    } finally {
      clearTimeout(timer)
      probes.delete(controller)
    }
  }

  const stop = (): void => {
    unlisten()
    clearInterval(ticking)
    watch.abort()
    for (const controller of probes) controller.abort()
  }
  // Throws where the hub has closed: nothing has begun then.
  const unlisten = hub.on('close', stop)

  const on = (target: EventTarget, type: string, listener: (event: Event) => void): void =>
    target.addEventListener(type, listener, { signal: watch.signal })

  on(globalThis, 'offline', probeAll)
  on(globalThis, 'online', probeAll)
  // Into the cache of the browser, which lets no link live, and tells the other side only when the page comes back.
  on(globalThis, 'pagehide', (event) => {
    if (isPersisted(event)) hub.reset('going-away').catch(() => {})
  })
  on(globalThis, 'pageshow', (event) => {
    if (isPersisted(event)) probeAll()
  })
  on(document, 'resume', probeAll)
  on(document, 'visibilitychange', () => {
    if (document.visibilityState === 'hidden') hiddenAt = Date.now()
    else if (Date.now() - hiddenAt > LONG) probeAll()
  })
  const ticking = setInterval(() => {
    if (Date.now() - lookedAt > LONG) probeAll()
    lookedAt = Date.now()
  }, TICK)

  return stop
}

const isPersisted = (event: Event): boolean => (event as PageTransitionEvent).persisted

type Session<S> = ReturnType<Hub<S>['snapshot']>[number]['sessions'][number]
