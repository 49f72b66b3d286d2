/** In characters: an address is shorter. */
const MAX_LINE = 10_000

/** The first line of standard input. */
export const readLine = async (): Promise<string> => {
  let text = ''
  const { stdin } = process
  await new Promise<void>((resolve) => {
    const take = (data: string) => {
      text += data
      if (text.includes('\n') || text.length > MAX_LINE) done()
    }
    const done = () => {
      stdin.off('data', take).off('end', done)
      stdin.pause()
      resolve()
    }
    stdin.setEncoding('utf8').on('data', take).on('end', done)
  })
  return text.split('\n')[0]?.slice(0, MAX_LINE) ?? ''
}
