import { crc32, deflateSync } from 'node:zlib'
import type { Page } from 'playwright-core'

/** A picture of at most 256 colours: the palette as r, g, b, and one index for each point. */
interface Indexed {
  readonly width: number
  readonly height: number
  readonly palette: readonly number[]
  readonly points: Uint8Array
}

/** A screenshot with the 256 colours that it has most of: a third of the bytes, and no difference to be seen. */
export const photographSmall = async (page: Page): Promise<Buffer> => {
  const screenshot = await page.screenshot()
  const blank = await page.context().newPage()
  // The browser knows how to read a PNG.
  const found = await blank.evaluate(reduceColours, screenshot.toString('base64'))
  await blank.close()
  return encode({ ...found, points: Buffer.from(found.points, 'latin1') })
}

/** Runs in the browser. */
const reduceColours = async (base64: string) => {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
  const image = await createImageBitmap(new Blob([bytes]))
  const { width, height } = image
  const context = new OffscreenCanvas(width, height).getContext('2d')
  if (!context) throw new Error('no canvas')
  context.drawImage(image, 0, 0)
  const { data } = context.getImageData(0, 0, width, height)
  const counts = new Map<number, number>()
  const colours = new Uint32Array(width * height)
  for (let i = 0; i < colours.length; i++) {
    const [red = 0, green = 0, blue = 0] = data.subarray(i * 4, i * 4 + 3)
    const colour = (red << 16) | (green << 8) | blue
    colours[i] = colour
    counts.set(colour, (counts.get(colour) ?? 0) + 1)
  }
  const kept = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 256)
  const palette = kept.map(([colour]) => [colour >> 16, (colour >> 8) & 255, colour & 255] as const)
  const indexes = new Map(kept.map(([colour], index) => [colour, index]))
  const nearest = (colour: number): number => {
    let [best, least] = [0, Number.POSITIVE_INFINITY]
    for (const [index, [red, green, blue]] of palette.entries()) {
      const distance =
        (red - (colour >> 16)) ** 2 +
        (green - ((colour >> 8) & 255)) ** 2 +
        (blue - (colour & 255)) ** 2
      if (distance < least) [best, least] = [index, distance]
    }
    indexes.set(colour, best)
    return best
  }
  let points = ''
  for (const colour of colours) {
    points += String.fromCharCode(indexes.get(colour) ?? nearest(colour))
  }
  return { width, height, palette: palette.flat(), points }
}

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10])

const chunk = (type: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}

const encode = ({ width, height, palette, points }: Indexed): Buffer => {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  // Eight bits for each point, an index of the palette.
  head.set([8, 3, 0, 0, 0], 8)
  // Each row begins with its filter: none.
  const rows = Buffer.alloc((width + 1) * height)
  for (let y = 0; y < height; y++) {
    rows.set(points.subarray(y * width, (y + 1) * width), y * (width + 1) + 1)
  }
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', head),
    chunk('PLTE', Buffer.from(palette)),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}
