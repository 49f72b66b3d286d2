import { readFileSync } from 'node:fs'
import { blocksOf, printedBy } from '@conn-hub/testkit'
import { describe, expect, it } from 'vitest'

const page = new URL('../README.md', import.meta.url)
const folder = new URL('.', import.meta.url)

describe('the README', () => {
  it('finds a bug of an app in 30 lines', async () => {
    const [example = ''] = blocksOf(page, 'js')
    const [found] = blocksOf(page, 'text')
    expect(example.trim().split('\n').length).toBeLessThanOrEqual(32)
    expect(await printedBy(example, folder)).toBe(found)
  })

  it('mends it, and all seeds pass', async () => {
    const [example = ''] = blocksOf(page, 'js')
    const [, mended = ''] = /Mended, [^`]*`(if [^`]*)`, and/.exec(readFileSync(page, 'utf8')) ?? []
    const better = example.replace('if (second)', mended)
    expect(better).not.toBe(example)
    // The watch and the clock cost the same for each seed: a tenth of them proves the text.
    const printed = await printedBy(better.replace('1_000, duration', '100, duration'), folder)
    expect(printed.replace(/^\d+ of 100 seeds.*\n/gm, '')).toBe('')
  })

  it('plays an hour of three peers', async () => {
    const [, example = ''] = blocksOf(page, 'js')
    const [, minutes] = blocksOf(page, 'text')
    expect(await printedBy(example, folder)).toBe(minutes)
  })

  it('has each code of a failure', () => {
    const text = readFileSync(page, 'utf8')
    const source = readFileSync(new URL('../src/failure.ts', import.meta.url), 'utf8')
    const codes = [...source.matchAll(/^ {2}\| '(\w+)'/gm)].map(([, code]) => code)
    expect(codes.length).toBeGreaterThan(9)
    for (const code of codes) expect(text).toContain(`\`${code}\``)
  })
})
