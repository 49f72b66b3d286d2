import { fileURLToPath } from 'node:url'
import { type Page, readPage } from './http/files.js'

/**
 * The page, as the sources find it. `tsup.config.ts` replaces this module by one that has the files as strings:
 * a bundler moves the code of an app, and files that are found by their place are lost then.
 */
export const loadPage = (): Page =>
  readPage(fileURLToPath(new URL('../dist/page/', import.meta.url)))
