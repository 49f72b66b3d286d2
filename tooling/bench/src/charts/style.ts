const SCHEMA = 'https://vega.github.io/schema/vega-lite/v6.json'

/** What all charts have in common: readable on a white and on a dark page. */
export const chart = (title: string, spec: object): object => ({
  $schema: SCHEMA,
  title: { text: title, anchor: 'start', fontSize: 14 },
  width: 560,
  background: 'white',
  padding: 12,
  config: { axis: { labelLimit: 0, titleFontWeight: 'normal' }, view: { stroke: null } },
  ...spec,
})

export const COLOURS = ['#1b7f5c', '#c8553d', '#7a6fb0', '#d9a441', '#5b8db8']
