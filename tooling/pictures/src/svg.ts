/** Of a drawing, in px. */
export interface Size {
  readonly width: number
  readonly height: number
}

export interface Point {
  readonly x: number
  readonly y: number
}

/** On light pages and on dark ones, as the reader's system has it. */
const STYLE = `
  .back { fill: #f8f6f1; stroke: #d3cdc0 }
  .box { fill: #e6e2d9; stroke: #aaa293 }
  .socket { fill: #c9c3b6; stroke: #b5ae9f }
  text { font: 13px system-ui, sans-serif; fill: #22282d; text-anchor: middle }
  .name { font-weight: 600; font-size: 15px }
  .faint { fill: #5d6468; font-size: 11px }
  .code { font-family: ui-monospace, monospace; font-size: 12px }
  .edge { fill: none; stroke: #5d6468; stroke-width: 1.5; marker-end: url(#head) }
  .types { stroke-dasharray: 5 4 }
  .plate { fill: #f8f6f1 }
  .head { fill: #5d6468 }
  .connected { fill: #0f7a55; stroke: #0f7a55 }
  .connecting { fill: url(#connecting); stroke: #a85f00 }
  .disconnecting { fill: url(#disconnecting); stroke: #7b46ae }
  .connecting-line { stroke: #a85f00 }
  .disconnecting-line { stroke: #7b46ae }
  @media (prefers-color-scheme: dark) {
    .back, .plate { fill: #161c21 }
    .back { stroke: #29323a }
    .box { fill: #232b32; stroke: #46535e }
    .socket { fill: #0c1013; stroke: #2c353d }
    text { fill: #dde4ea }
    .faint { fill: #93a0ab }
    .edge { stroke: #93a0ab }
    .head { fill: #93a0ab }
    .connected { fill: #3ddc97; stroke: #3ddc97 }
    .connecting { stroke: #ffb454 }
    .disconnecting { stroke: #c49bff }
    .connecting-line { stroke: #ffb454 }
    .disconnecting-line { stroke: #c49bff }
  }`

const DEFINITIONS = `
  <marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
    <path class="head" d="M0 0L8 4L0 8z"/>
  </marker>
  <pattern id="connecting" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
    <path class="connecting-line" d="M1.5 0V6" stroke-width="3"/>
  </pattern>
  <pattern id="disconnecting" width="6" height="5" patternUnits="userSpaceOnUse">
    <path class="disconnecting-line" d="M0 1H6" stroke-width="2"/>
  </pattern>`

const escapeText = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

export const text = ({ x, y }: Point, words: string, kind = ''): string =>
  `<text x="${round(x)}" y="${round(y)}"${kind && ` class="${kind}"`}>${escapeText(words)}</text>`

export const box = ({ x, y }: Point, { width, height }: Size, kind = 'box', radius = 8): string =>
  `<rect class="${kind}" x="${round(x - width / 2)}" y="${round(y - height / 2)}" width="${width}" height="${height}" rx="${radius}"/>`

export const path = (d: string, kind: string): string => `<path class="${kind}" d="${d}"/>`

export const round = (number: number): number => Math.round(number * 10) / 10

/** A whole drawing. `title` is what a screen reader says of it. */
export const drawing = ({ width, height }: Size, title: string, parts: readonly string[]): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeText(title)}">
<style>${STYLE}
</style>
<defs>${DEFINITIONS}
</defs>
<rect class="back" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="12"/>
${parts.join('\n')}
</svg>
`
