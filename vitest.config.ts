import { availableParallelism } from 'node:os'
import path from 'node:path'
import { defineConfig } from 'vitest/config'

/** What Node made of the sources, for the threads and programs that tests start: it halves the time until they work. */
const env = { NODE_COMPILE_CACHE: path.resolve(import.meta.dirname, 'node_modules/.cache/compiled') }
// All far above what anything takes: a machine with other work, or four times slower, is no failure.
// What comes about is waited for; a second, as vitest has it, is too little.
const expect = { poll: { timeout: 30_000 } }
const hookTimeout = 180_000

// Tests wait more than they compute: one file more at a time than there are cores, where vitest would take one fewer.
const maxWorkers = availableParallelism() + 1

// One set of modules for all files of a process: loading them anew for each takes as long as many a test.
const isolate = false

/** It puts a recorder in front of the store's statements, which modules that another file has loaded already would pass by. */
const recorded = 'test/contract/sqlite.test.ts'

export default defineConfig({
  test: {
    projects: [
      // Codecs, store, sessions: no sockets beyond loopback, no package from outside npm.
      {
        test: {
          name: 'unit',
          maxWorkers,
          include: ['{src,web/src}/**/*.test.ts', 'test/{contract,transcripts,structure,fuzz}/**/*.test.ts'],
          exclude: [recorded],
          isolate,
          testTimeout: 120_000,
          hookTimeout,
          expect,
          env,
        },
      },
      {
        test: { name: 'statements', maxWorkers, include: [recorded], testTimeout: 120_000, hookTimeout, expect, env },
      },
      // The whole service, with real clients over real sockets.
      {
        test: {
          name: 'service',
          maxWorkers,
          include: ['test/{integration,faults,hostile}/**/*.test.ts'],
          isolate,
          testTimeout: 180_000,
          hookTimeout,
          expect,
          env,
        },
      },
      // The web application in Chromium, in front of the whole service.
      {
        test: {
          name: 'browser',
          include: ['{test/browser,web/test}/**/*.test.ts'],
          testTimeout: 240_000,
          hookTimeout,
          expect,
          env,
          // A browser takes a machine of two cores by itself; so its tests come behind the others.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
