import type { Hub } from '@conn-hub/core'
import { checkNames, expect } from './settings.js'

/** What `watchPage` is given. */
export interface WatchPageOptions {
  /** How long an answer may take, in ms. Default 5 000. Then the session is closed: `unresponsive`. */
  readonly timeout?: number | undefined
}

/** Shorter absences are no reason to ask, in ms. */
const LONG_HIDDEN = 30_000

/** How often the clock is looked at, and by how much it must have jumped to tell of a sleep, in ms. */
const TICK = 5_000
const JUMP = 30_000

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
  checkNames(options, ['timeout'])
  const { timeout = 5_000 } = options
  expect(timeout >= 1, 'a number of ms', 'timeout')
  if (typeof document === 'undefined') return () => {}
  const probes = new Set<AbortController>()
  let hiddenAt: number | undefined
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
      if (!controller.signal.aborted || !probes.has(controller)) return
      // The page was frozen meanwhile: that says nothing of the link.
      if (Date.now() - began > timeout + TICK) void ask(address, session)
      else hub.disconnect(address, { session, reason: 'unresponsive' }).catch(() => {})
    } finally {
      clearTimeout(timer)
      probes.delete(controller)
    }
  }

  const onVisibility = (): void => {
    const since = hiddenAt
    hiddenAt = document.visibilityState === 'hidden' ? Date.now() : undefined
    if (hiddenAt === undefined && since !== undefined && Date.now() - since > LONG_HIDDEN)
      probeAll()
  }

  /** Into the cache of the browser, which lets no link live, and tells the other side only when the page comes back. */
  const onHide = ({ persisted }: PageTransitionEvent): void => {
    if (persisted) hub.reset('going-away').catch(() => {})
  }

  const onShow = ({ persisted }: PageTransitionEvent): void => {
    if (persisted) probeAll()
  }

  const onTick = (): void => {
    const now = Date.now()
    if (now - lookedAt > JUMP) probeAll()
    lookedAt = now
  }

  const listeners: readonly Listened[] = [
    [globalThis, 'offline', probeAll],
    [globalThis, 'online', probeAll],
    [globalThis, 'pagehide', onHide],
    [globalThis, 'pageshow', onShow],
    [document, 'resume', probeAll],
    [document, 'visibilitychange', onVisibility],
  ]
  for (const [target, type, listener] of listeners) target.addEventListener(type, listener)
  const ticking = setInterval(onTick, TICK)

  const stop = (): void => {
    clearInterval(ticking)
    for (const [target, type, listener] of listeners) target.removeEventListener(type, listener)
    unlisten()
    const running = [...probes]
    probes.clear()
    for (const controller of running) controller.abort()
  }
  const unlisten = hub.on('close', stop)
  return stop
}

// biome-ignore lint/suspicious/noExplicitAny: each gets the event of its type.
type Listened = readonly [target: EventTarget, type: string, listener: (event: any) => void]

type Session<S> = ReturnType<Hub<S>['snapshot']>[number]['sessions'][number]
