import { listBreaks, tryBreak } from './breaks.js'

// Usage: try-breaks.js [seeds] [names…]
const [seeds = '1000', ...names] = process.argv.slice(2)

let found = 0
const breaks = (await listBreaks()).filter(({ name }) => names.length === 0 || names.includes(name))
for (const { name, what } of breaks) {
  const failure = await tryBreak(name, Number(seeds))
  if (failure) found++
  const how = failure ? `seed ${failure.seed}: ${failure.message}` : `not found by ${seeds} seeds`
  console.log(`${name}\n  ${what}\n  ${how}`)
}
console.log(`${found} of ${breaks.length} found`)
