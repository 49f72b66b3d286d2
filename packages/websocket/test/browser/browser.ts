import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { browser } from '@conn-hub/testkit/browser'
import { type BuildOptions, build } from 'esbuild'
import type { Page } from 'playwright-core'
import { onTestFinished } from 'vitest'

/** What a bundler makes of a file of this folder, or of code, for a page: by the `browser` condition, as apps get it. */
export const bundle = async (file: string, options: BuildOptions = {}): Promise<string> => {
  const entry = file.endsWith('.ts')
    ? { entryPoints: [fileURLToPath(new URL(file, import.meta.url))] }
    : { stdin: { contents: file, resolveDir: import.meta.dirname } }
  const { outputFiles } = await build({
    ...entry,
    ...options,
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    conditions: ['@conn-hub/source'],
  })
  return outputFiles?.[0]?.text ?? ''
}

/** Serves an empty page that runs a file of this folder, or code, and opens it. */
export const openPage = async (
  file: string,
  options?: BuildOptions,
): Promise<{ page: Page; origin: string }> => {
  const script = await bundle(file, options)
  const server = createServer(({ url }, response) => {
    const isScript = url === '/script.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    response.end(
      isScript ? script : '<!doctype html><script type="module" src="/script.js"></script>',
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const context = await browser().newContext()
  onTestFinished(async () => {
    await context.close()
    server.closeAllConnections()
    server.close()
  })
  const page = await context.newPage()
  await page.goto(origin)
  await page.waitForFunction(() => 'ready' in globalThis)
  return { page, origin }
}
