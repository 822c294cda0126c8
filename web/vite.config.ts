/** The web application's build: `vite build web` → web/dist, and `vite web` for working on it beside a running Facteur. */
import path from 'node:path'
import { defineConfig } from 'vite'
import { compressed } from './dev/compress.ts'

/** Where the development server sends /api: a running Facteur's HTTPS listener, or the one named here. */
const service = process.env.FACTEUR_URL ?? 'https://localhost:8443'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [compressed()],
  // Written against React, run by Preact: docs/decisions/0010.
  resolve: {
    alias: [
      { find: 'react-dom/client', replacement: 'preact/compat/client' },
      { find: 'react-dom', replacement: 'preact/compat' },
      { find: 'react/jsx-runtime', replacement: 'preact/jsx-runtime' },
      { find: 'react/jsx-dev-runtime', replacement: 'preact/jsx-dev-runtime' },
      { find: /^react$/, replacement: 'preact/compat' },
    ],
    dedupe: ['preact'],
  },
  build: {
    outDir: path.join(import.meta.dirname, 'dist'),
    emptyOutDir: true,
    assetsDir: 'assets',
    // The policy of the page is `script-src 'self'; font-src 'self'`: nothing inline, no data: besides images.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // light-dark(), nesting, popover, @layer: what browsers have since 2024.
    target: ['chrome123', 'edge123', 'firefox125', 'safari17.5'],
    cssTarget: ['chrome123', 'edge123', 'firefox125', 'safari17.5'],
    manifest: true,
    reportCompressedSize: false,
    rolldownOptions: {
      // Libraries mark files 'use client' for servers that render React; here everything is the client.
      onLog: (level, log, report) => log.code !== 'MODULE_LEVEL_DIRECTIVE' && report(level, log),
    },
  },
  server: {
    proxy: { '/api': { target: service, changeOrigin: false, secure: false } },
  },
})
