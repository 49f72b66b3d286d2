import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'

export interface PageFile {
  readonly type: string
  readonly body: string
}

/** The files of the page by what is asked for. None: nothing is built. */
export type Page = ReadonlyMap<string, PageFile>

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** Reads the built page from its folder. No request is ever made into a path. */
export const readPage = (folder: string): Page => {
  const files = new Map<string, PageFile>()
  for (const place of ['', 'assets/']) {
    for (const name of namesIn(join(folder, place))) {
      const type = TYPES[extname(name)]
      const asked = place === '' && name === 'index.html' ? '' : `${place}${name}`
      if (type) files.set(asked, { type, body: readFileSync(join(folder, place, name), 'utf8') })
    }
  }
  return files
}

const namesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : [])
