import { blocksOf } from '@conn-hub/testkit'
import { inBrowser } from '@conn-hub/testkit/browser'
import type { Plugin } from 'esbuild'
import type { Page } from 'playwright-core'
import { compile } from 'svelte/compiler'
import { expect, it } from 'vitest'
import { createServed, until } from '../support.js'
import { openPage } from './browser.js'

const README = new URL('../../README.md', import.meta.url)

const blockOf = (language: string, title: string): string => {
  const found = blocksOf(README, language).filter((block) => block.startsWith(title))
  expect(found).toHaveLength(1)
  return found[0] ?? ''
}

/** The recipes as modules that a bundler finds, and how each framework shows and takes away what it exports. */
const RECIPES = {
  React: {
    code: () => ({ contents: blockOf('jsx', '// React'), loader: 'jsx' }) as const,
    mount: `
      import { createElement } from 'react'
      import { createRoot } from 'react-dom/client'
      import { Peers } from 'recipe'
      const mount = (hub, target) => {
        const root = createRoot(target)
        root.render(createElement(Peers, { hub }))
        return () => root.unmount()
      }`,
  },
  Vue: {
    code: () => ({ contents: blockOf('js', '// Vue'), loader: 'js' }) as const,
    mount: `
      import { createApp } from 'vue'
      import { Peers } from 'recipe'
      const mount = (hub, target) => {
        const app = createApp(Peers, { hub })
        app.mount(target)
        return () => app.unmount()
      }`,
  },
  Svelte: {
    code: () => {
      const { js } = compile(blockOf('svelte', '<!-- Svelte -->'), { generate: 'client' })
      return { contents: js.code, loader: 'js' } as const
    },
    mount: `
      import { mount as show, unmount } from 'svelte'
      import Peers from 'recipe'
      const mount = (hub, target) => {
        const shown = show(Peers, { target, props: { hub } })
        return () => void unmount(shown)
      }`,
  },
}

const HUB = `
  import { createHub } from '@conn-hub/core'
  import { createWebSocketTransport } from '@conn-hub/websocket'
  const inner = createHub({ transport: createWebSocketTransport() })
  const counted = { wakes: 0 }
  const subscribe = (wake) => {
    counted.wakes++
    const stop = inner.subscribe(wake)
    return () => {
      counted.wakes--
      stop()
    }
  }
  const hub = Object.create(inner, { subscribe: { value: subscribe } })
  document.body.append(document.createElement('main'))
  const takeAway = mount(hub, document.querySelector('main'))
  Object.assign(globalThis, { app: { hub, counted, takeAway }, ready: true })
`

interface App {
  readonly hub: import('@conn-hub/core').Hub<object>
  readonly counted: { readonly wakes: number }
  takeAway(): void
}
declare const app: App

const recipe = ({ code }: (typeof RECIPES)[keyof typeof RECIPES]): Plugin => ({
  name: 'recipe',
  setup(build) {
    build.onResolve({ filter: /^recipe$/ }, () => ({ path: 'recipe', namespace: 'readme' }))
    build.onLoad({ filter: /./, namespace: 'readme' }, () => ({
      ...code(),
      resolveDir: import.meta.dirname,
    }))
  },
})

const itemsOf = (page: Page) => page.locator('main li').allTextContents()

inBrowser('the recipe for', () => {
  it.each(Object.entries(RECIPES))(
    '%s shows who is there, and lets the hub go',
    async (_, each) => {
      const { page, origin } = await openPage(each.mount + HUB, {
        plugins: [recipe(each)],
        jsx: 'automatic',
        define: { 'process.env.NODE_ENV': '"production"' },
      })
      const shows = (...items: string[]) =>
        until(async () => String(await itemsOf(page)) === String(items), `it shows ${items}`)
      const [a, b] = [
        await createServed({ origins: [origin] }),
        await createServed({ origins: [origin] }),
      ]
      await shows()
      await page.evaluate((url) => app.hub.connect(url, { data: { name: 'anna' } }), a.url)
      await shows('anna: connected')
      await page.evaluate((url) => app.hub.connect(url, { data: { name: 'ben' } }), b.url)
      await shows('anna: connected', 'ben: connected')
      await page.evaluate((url) => app.hub.update(url, { name: 'benjamin' }), b.url)
      await shows('anna: connected', 'benjamin: connected')
      await a.hub.close()
      await shows('benjamin: connected')
      expect(await page.evaluate(() => app.counted.wakes)).toBe(1)
      await page.evaluate(() => app.takeAway())
      await until(() => page.evaluate(() => app.counted.wakes === 0), 'nobody is subscribed')
    },
  )
})
