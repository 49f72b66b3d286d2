import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { extname } from 'node:path'

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
}

/** Serves the files of a folder, and nothing else. */
export const servePages = (folder: URL): Server => {
  const files = new Map<string, Buffer>()
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (extname(file) in TYPES) files.set(`/${file}`, readFileSync(new URL(file, folder)))
  }
  return createServer(({ url = '/' }, response) => {
    const path = url === '/' ? '/index.html' : url
    response.setHeader('content-type', TYPES[extname(path)] ?? 'text/plain')
    response.writeHead(files.has(path) ? 200 : 404).end(files.get(path))
  })
}
