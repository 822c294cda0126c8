#!/usr/bin/env node
// Plain JavaScript that an old Node can read too, so that it says so in one line instead of failing on a syntax or a module.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

// node:sqlite, zstd and Argon2id without flags, Temporal, and TypeScript run as it is: all of them from this version on.
const needed = 26

if (parseInt(process.versions.node, 10) < needed) {
  process.stderr.write(
    'facteur: needs Node.js ' +
      needed +
      ' or later, this is ' +
      process.version +
      ' (npx facteur and npm start bring the right one along)\n',
  )
  process.exitCode = 1
} else if (existsSync(new URL('../src/main.ts', import.meta.url))) {
  // A checkout runs its sources, which are never stale; what Node made of them is kept, which halves the time a command takes.
  import('node:module').then(({ enableCompileCache }) => {
    const cache = fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url))
    enableCompileCache(cache)
    // Threads look for it there: they read the most of it.
    process.env.NODE_COMPILE_CACHE ??= cache
    return import('../src/main.ts')
  })
} else {
  import('../dist/main.js')
}
