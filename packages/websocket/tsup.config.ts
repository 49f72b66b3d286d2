import { library } from '@conn-hub/build'

// Two entries that nobody loads together: each has everything in one file.
export default library({ entry: { index: 'src/index.ts', browser: 'src/browser.ts' } })
