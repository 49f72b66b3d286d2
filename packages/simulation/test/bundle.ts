import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/** A program of this folder and its sources, as one module. */
export const bundle = async (code: string, platform: 'node' | 'browser'): Promise<string> => {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: path('.'), loader: 'ts' },
    write: false,
    bundle: true,
    platform,
    format: 'esm',
    conditions: ['@conn-hub/source'],
    // fake-timers looks for modules of Node, and does without.
    external: platform === 'browser' ? ['util', 'timers', 'timers/promises', 'perf_hooks'] : [],
    ...(platform === 'node' && {
      banner: {
        js: `import { createRequire } from 'node:module'; const require = createRequire('${path('.')}')`,
      },
    }),
  })
  return outputFiles[0]?.text ?? ''
}
