import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'

export interface PageFile {
  readonly type: string
  readonly body: Buffer
}

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
}

/** The files of the built page by what is asked for: no request is ever made into a path. None: nothing is built. */
export const readPage = (folder: string): ReadonlyMap<string, PageFile> => {
  const files = new Map<string, PageFile>()
  for (const place of ['', 'assets/']) {
    for (const name of namesIn(join(folder, place))) {
      const type = TYPES[extname(name)]
      const asked = place === '' && name === 'index.html' ? '' : `${place}${name}`
      if (type) files.set(asked, { type, body: readFileSync(join(folder, place, name)) })
    }
  }
  return files
}

const namesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : [])
