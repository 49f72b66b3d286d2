import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The blocks of code of a page in one language, in their order. */
export const blocksOf = (page: URL, language: string): string[] => {
  const blocks = readFileSync(page, 'utf8').matchAll(
    new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'),
  )
  return [...blocks].map(([, block]) => block ?? '')
}

let modules = 0

/** Runs code as a module of a folder, where it finds the packages that it imports. Gives what it exports. */
export const moduleOf = async <T>(code: string, folder: URL): Promise<T> => {
  const file = new URL(`example-${process.pid}-${modules++}.tmp.js`, folder)
  writeFileSync(file, code)
  try {
    return await import(/* @vite-ignore */ fileURLToPath(file))
  } finally {
    rmSync(file)
  }
}

/** Runs code as a module of a folder. Gives what it prints. */
export const printedBy = async (code: string, folder: URL): Promise<string> => {
  const { log } = console
  let printed = ''
  console.log = (...words) => {
    printed += `${words.join(' ')}\n`
  }
  try {
    await moduleOf(code, folder)
  } finally {
    console.log = log
  }
  return printed
}

/** The cells of a table of a page, or of a comment in code, by the heading of its first column. */
export const tableOf = (text: string, heading: string): string[][] => {
  const lines = text.split('\n').map((line) => line.replace(/^ \* /, ''))
  const start = lines.findIndex((line) => line.startsWith(`| ${heading} |`))
  const end = lines.findIndex((line, i) => i > start && !line.startsWith('|'))
  return lines
    .slice(start + 2, end)
    .map((line) => line.slice(1, -1).split('|'))
    .map((cells) => cells.map((cell) => cell.trim()))
}

/** The table of faults of a page: each fault, with the outcome that is expected. */
export const faultsOf = (markdown: string): ReadonlyMap<string, string> =>
  new Map(
    (/\| fault \| expected outcome \|\n.*\n((?:\|.*\n)+)/.exec(markdown)?.[1] ?? '')
      .trim()
      .split('\n')
      .map((row) => row.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')))
      .map(([fault = '', outcome = '']) => [fault, outcome]),
  )
