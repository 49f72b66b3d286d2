import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

export interface BundleOptions {
  /** What is left out. */
  readonly external?: string[]
  /** Bundles the sources, and not what is built. */
  readonly sources?: boolean
}

/** In bytes, minified and gzipped, as a bundler of an app would make it. */
export const sizeOf = async (
  code: string,
  { external = [], sources = false }: BundleOptions = {},
): Promise<number> => {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: sources ? ['@conn-hub/source'] : [],
    write: false,
    external,
  })
  return gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length
}

export const everythingOf = (name: string): string => `export * from '${name}'`
