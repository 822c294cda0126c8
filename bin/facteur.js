#!/usr/bin/env node
// Plain JavaScript that an old Node can read too, so that it says so in one line instead of failing on a syntax or a module.
import { existsSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

// node:sqlite, zstd and Argon2id without flags, Temporal, and TypeScript run as it is: all of them from this version on.
const needed = 26
const root = fileURLToPath(new URL('..', import.meta.url))
const sources = path.join(root, 'src')
const built = path.join(root, 'dist/main.js')

/** When the newest of what the build is made of was written; of a folder, when something in it came or went. */
function newestSource() {
  const names = readdirSync(sources, { recursive: true }).filter(name => !name.endsWith('.test.ts'))
  const files = [sources, path.join(root, 'package-lock.json'), ...names.map(name => path.join(sources, name))]
  // One that is gone by now has just changed.
  return files.reduce(
    (newest, file) => Math.max(newest, statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Infinity),
    0,
  )
}

const isBuilt = () => existsSync(built) && statSync(built).mtimeMs > newestSource()

if (parseInt(process.versions.node, 10) < needed) {
  process.stderr.write(
    'facteur: needs Node.js ' +
      needed +
      ' or later, this is ' +
      process.version +
      ' (npx facteur and npm start bring the right one along)\n',
  )
  process.exitCode = 1
} else if (existsSync(sources)) {
  // In a checkout, what Node made of the program is kept, which halves the time a command takes.
  import('node:module').then(({ enableCompileCache }) => {
    const cache = path.join(root, 'node_modules/.cache/compiled')
    enableCompileCache(cache)
    // Threads look for it there: they read the most of it.
    process.env.NODE_COMPILE_CACHE ??= cache
    // What was built of other sources than these is not run: the sources are, which takes a second longer.
    return isBuilt() ? import('../dist/main.js') : import('../src/main.ts')
  })
} else {
  import('../dist/main.js')
}
