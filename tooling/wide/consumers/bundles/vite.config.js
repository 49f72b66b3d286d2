// One page for each app.
const input = process.env.APPS.split(',').map((app) => `${app}.html`)

export default { build: { outDir: 'out/vite', target: 'es2022', rollupOptions: { input } } }
