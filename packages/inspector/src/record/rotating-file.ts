import { checkNames, expect } from './errors.js'
import type { Sink } from './outbox.js'

/** What is used of `node:fs/promises`. */
export interface FileSystem {
  appendFile(path: string, text: string, options: { mode: number }): Promise<unknown>
  writeFile(path: string, text: string, options: { mode: number }): Promise<unknown>
  rename(from: string, to: string): Promise<unknown>
}

/** Who may read it: nobody else. */
const MODE = { mode: 0o600 }

/**
 * A sink that writes to a file, and begins a new one with each part of the record: `hub.jsonl` becomes `hub.jsonl.1`, that one
 * `hub.jsonl.2`, and the last goes. Each of them can be replayed alone.
 *
 * @param fs `node:fs/promises`: this module runs in browsers, too.
 *
 * @example
 * import fs from 'node:fs/promises'
 * record(hub, rotatingFile(fs, 'hub.jsonl', { files: 4 }))
 */
export const rotatingFile = (
  fs: FileSystem,
  path: string,
  options: { readonly files?: number | undefined } = {},
): Sink => {
  checkNames(options, ['files'])
  const { files = 4 } = options
  expect(typeof fs?.appendFile === 'function', 'fs', 'node:fs/promises')
  expect(typeof path === 'string' && path !== '', 'path', 'where the file is')
  expect(Number.isInteger(files) && files > 0, 'files', 'a whole number above 0')
  // A disk that is full must not push out what is there, with each try.
  let isWritten = true
  const rotate = async () => {
    for (let n = files - 1; n > 0; n--) {
      await fs.rename(n === 1 ? path : `${path}.${n - 1}`, `${path}.${n}`).catch(ignoreMissing)
    }
  }
  return async (text, begins) => {
    if (!begins) return fs.appendFile(path, text, MODE)
    if (isWritten) await rotate()
    isWritten = false
    await fs.writeFile(path, text, MODE)
    isWritten = true
  }
}

const ignoreMissing = (error: { readonly code?: string }): void => {
  if (error.code !== 'ENOENT') throw error
}
