import { gzipSync } from 'node:zlib'
import { type BuildOptions, build } from 'esbuild'

export interface Bundle {
  readonly text: string
  /** In bytes, gzipped. */
  readonly size: number
  /** What of ours is in it: `core/src/hub.ts`. */
  readonly files: readonly string[]
}

/** What a bundler of a page makes of a module in a folder: of our sources, minified. */
export const bundleOf = async (
  code: string,
  folder: string,
  options: BuildOptions = {},
): Promise<Bundle> => {
  const { outputFiles, metafile } = await build({
    stdin: { contents: code, resolveDir: folder },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    conditions: ['@conn-hub/source'],
    ...options,
    write: false,
    metafile: true,
  })
  const [file] = outputFiles
  return {
    text: file?.text ?? '',
    size: gzipSync(file?.contents ?? '', { level: 9 }).length,
    files: Object.keys(metafile.inputs).map((path) => path.replace(/^.*packages\//, '')),
  }
}
