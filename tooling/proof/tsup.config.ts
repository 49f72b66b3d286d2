import { program } from '@conn-hub/build'

export default program({
  entry: {
    main: 'src/main.ts',
    peer: 'test/faults/peer.ts',
    // As deep as its source: it finds the repository by its place.
    'turmoil/try-breaks': 'src/turmoil/try-breaks.ts',
  },
})
