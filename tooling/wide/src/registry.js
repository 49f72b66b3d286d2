import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'

/**
 * A registry of our own packages on this machine, so that consumers install them by the names and versions that the
 * READMEs say. All other packages come from where npm gets them.
 *
 * @param {import('./pack.js').Packed[]} packed
 * @returns {Promise<{ url: string, close(): void }>}
 */
export const startRegistry = async (packed) => {
  /** @type {Map<string, { type: string, body: string | Buffer }>} */
  const answers = new Map()
  const server = createServer((request, response) => {
    const answer = answers.get(decodeURIComponent(request.url ?? ''))
    response.writeHead(answer ? 200 : 404, { 'Content-Type': answer?.type ?? 'text/plain' })
    response.end(answer?.body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  const url = `http://127.0.0.1:${port}/`
  for (const { manifest, tarball } of packed) {
    const { name, version } = manifest
    const file = `${name}/-/${version}.tgz`
    const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`
    const full = { ...manifest, dist: { tarball: url + file, integrity } }
    const body = { name, 'dist-tags': { latest: version }, versions: { [version]: full } }
    answers.set(`/${name}`, { type: 'application/json', body: JSON.stringify(body) })
    answers.set(`/${file}`, { type: 'application/octet-stream', body: tarball })
  }
  const close = () => {
    server.close()
    server.closeAllConnections()
  }
  return { url, close }
}
