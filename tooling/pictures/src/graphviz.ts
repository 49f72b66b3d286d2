import { Graphviz } from '@hpcc-js/wasm-graphviz'

/** Readable on light pages and on dark ones. */
const STYLE = `
  bgcolor="#f8f6f1" pad=0.2 nodesep=0.4 ranksep=0.7
  node [shape=box margin="0.25,0.1" style="rounded,filled" fillcolor="#e6e2d9" color="#aaa293" fontcolor="#22282d" fontname="sans-serif"]
  edge [color="#5d6468" fontcolor="#22282d" fontname="sans-serif" fontsize=11]`

/** Draws a graph as SVG, from top to bottom or from left to right. `lines` is what DOT says of its nodes and edges; the title is for screen readers. */
export const draw = async (
  title: string,
  direction: 'TB' | 'LR',
  lines: readonly string[],
): Promise<string> => {
  const graphviz = await Graphviz.load()
  const svg = graphviz.dot(`digraph { rankdir=${direction} ${STYLE}\n${lines.join('\n')}\n}`)
  return svg.replace('<svg ', `<svg role="img" aria-label="${title}" `)
}
