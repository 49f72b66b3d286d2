import { expect, isFunction, isObject } from '../edges/check.js'
import type { Online } from '../model/time.js'

interface Page {
  readonly navigator?: { readonly onLine?: unknown }
  addEventListener?(type: string, listener: () => void): void
  removeEventListener?(type: string, listener: () => void): void
}

const ALWAYS: Online = { get: () => true, subscribe: () => () => {} }

/** What a browser says. Node has no word on it: there, always. */
export const globalOnline = (page: Page = globalThis as Page): Online => {
  const says = typeof page.navigator?.onLine === 'boolean' && isFunction(page.addEventListener)
  if (!says) return ALWAYS
  return {
    get: () => page.navigator?.onLine !== false,
    subscribe: (listener) => {
      for (const type of ['online', 'offline']) page.addEventListener?.(type, listener)
      return () => {
        for (const type of ['online', 'offline']) page.removeEventListener?.(type, listener)
      }
    },
  }
}

export const readOnline = (online: Online = globalOnline()): Online => {
  const isOnline = isObject(online) && isFunction(online.get) && isFunction(online.subscribe)
  expect(isOnline, 'an object with get() and subscribe()', 'online')
  return online
}

/** Gives what ends it. */
export const subscribe = (online: Online, listener: () => unknown): (() => void) => {
  const stop: unknown = online.subscribe(listener)
  expect(isFunction(stop), 'an object with subscribe() that gives a function', 'online')
  return stop as () => void
}
