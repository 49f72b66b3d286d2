import { readFileSync, rmSync, writeFileSync } from 'node:fs'

/** The blocks of code of a page in one language, in their order. */
export const blocksOf = (page: URL, language: string): string[] => {
  const blocks = readFileSync(page, 'utf8').matchAll(
    new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'),
  )
  return [...blocks].map(([, block]) => block ?? '')
}

/** Runs code as a module of a folder, where it finds the packages that it imports. Gives what it prints. */
export const printedBy = async (code: string, folder: URL): Promise<string> => {
  const file = new URL(`example-${process.pid}.tmp.js`, folder)
  const { log } = console
  let printed = ''
  console.log = (...words) => {
    printed += `${words.join(' ')}\n`
  }
  writeFileSync(file, code)
  try {
    await import(/* @vite-ignore */ file.pathname)
  } finally {
    console.log = log
    rmSync(file)
  }
  return printed
}
