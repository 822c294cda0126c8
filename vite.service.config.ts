/**
 * The service's build: `vite build --config vite.service.config.ts` → dist. The program and its libraries in a few files, which
 * Node finds, reads and compiles in half the time that a thousand take.
 */
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { defineConfig } from 'vite'

const sources = path.join(import.meta.dirname, 'src')

/** Threads and processes begin at a file of their own, which what starts them looks for beside itself. */
const startsByItself = /(?:-thread|\/worker-process)\.ts$/
const beginnings = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter(
  file => file === 'main.ts' || startsByItself.test(file),
)

export default defineConfig({
  publicDir: false,
  ssr: {
    noExternal: true,
    // Optional parts of libraries, and a table that is looked for by its package's name.
    external: ['pg-native', '@ip-location-db/geo-whois-asn-country-mmdb'],
  },
  build: {
    ssr: true,
    target: 'node26',
    outDir: path.join(import.meta.dirname, 'dist'),
    emptyOutDir: true,
    minify: false,
    reportCompressedSize: false,
    rolldownOptions: {
      input: Object.fromEntries(beginnings.map(file => [path.basename(file, '.ts'), path.join(sources, file)])),
      // All in one folder: a beginning is beside whatever starts it.
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
})
