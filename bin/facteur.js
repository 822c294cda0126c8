#!/usr/bin/env node
// Plain JavaScript that an old Node can read too, so that it says so in one line instead of failing on a syntax or a module.
import { existsSync } from 'node:fs'

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
} else {
  // A checkout has the sources, which are never stale; the published package has what was built of them.
  const sources = new URL('../src/main.ts', import.meta.url)
  import((existsSync(sources) ? sources : new URL('../dist/main.js', import.meta.url)).href)
}
