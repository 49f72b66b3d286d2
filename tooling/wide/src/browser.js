import { once } from 'node:events'
import { mkdtemp, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import { run } from '@conn-hub/nodes/src/process.js'

/** Debian's. Another one by the variable CHROMIUM. */
export const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'

const TYPES = new Map([
  ['.html', 'text/html'],
  ['.js', 'text/javascript'],
])

/**
 * Opens a page of a folder in a browser without a screen, and gives its document when its scripts have come to rest.
 *
 * @param {string} folder
 * @param {string} page
 */
export const readInBrowser = async (folder, page) => {
  const server = createServer(async (request, response) => {
    const file = new URL(request.url ?? '', 'http://localhost').pathname
    const body = await readFile(join(folder, file)).catch(() => undefined)
    response.writeHead(body ? 200 : 404, { 'Content-Type': TYPES.get(extname(file)) ?? '' })
    response.end(body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  const profile = await mkdtemp(join(folder, 'profile-'))
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage']
  flags.push(`--user-data-dir=${profile}`, '--virtual-time-budget=10000', '--dump-dom')
  try {
    const address = `http://127.0.0.1:${port}/${page}`
    const { stdout, late } = await run(CHROMIUM, [...flags, address])
    if (late) throw new Error(`${page} in ${CHROMIUM}: ${late}`)
    return stdout
  } finally {
    server.close()
    server.closeAllConnections()
  }
}
