export default {
  build: {
    outDir: 'out/vite',
    target: 'es2022',
    rollupOptions: {
      input: ['core.html', 'async-iterator.html', 'pull-stream.html', 'conformance.html'],
    },
  },
}
