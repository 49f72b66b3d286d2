import { fileURLToPath } from 'node:url'
import { run } from './process.js'
import { withReason } from './suite.js'

const scenario = fileURLToPath(new URL('./scenario.js', import.meta.url))

/**
 * Loads what is published, as `import` and as `require` find it, and lets it run a little.
 *
 * @param {string} node The path of the program.
 * @returns {Promise<import('./suite.js').Result>}
 */
export const runPublished = async (node) => {
  const { ok, stdout, output, late } = await run(node, [scenario])
  // It says so at its end; who ends before that has status 0 too.
  const whole = ok && stdout.endsWith('all is well\n')
  return { ok: whole, summary: withReason(`published ${whole ? 'ok' : 'FAILED'}`, late), output }
}
