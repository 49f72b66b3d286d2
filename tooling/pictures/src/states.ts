import { draw } from './graphviz.js'
import { findSteps } from './steps.js'

/** The colours of the inspector. */
const NODES = [
  'none [label="no entry" style="rounded,dashed"]',
  'connecting [color="#a85f00" penwidth=2]',
  'connected [color="#0f7a55" penwidth=2]',
  'disconnecting [color="#7b46ae" penwidth=2]',
]

/** The states of an entry and what leads from one to the other, as the hub's own function answers. */
export const drawStates = (): Promise<string> =>
  draw('The states of an entry', 'LR', [
    ...NODES,
    ...findSteps().map(
      ({ from, to, input, event }) => `${from} -> ${to} [label=" ${input}:\\n ${event} "]`,
    ),
  ])
