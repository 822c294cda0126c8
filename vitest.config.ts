import { defineConfig } from 'vitest/config'

// All far above what anything takes: a machine with other work, or four times slower, is no failure.
// What comes about is waited for; a second, as vitest has it, is too little.
const expect = { poll: { timeout: 30_000 } }
const hookTimeout = 180_000

export default defineConfig({
  test: {
    projects: [
      // Codecs, store, sessions: no sockets beyond loopback, no package from outside npm.
      {
        test: {
          name: 'unit',
          include: ['{src,web/src}/**/*.test.ts', 'test/{contract,transcripts,structure,fuzz}/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout,
          expect,
        },
      },
      // The whole service, with real clients over real sockets.
      {
        test: {
          name: 'service',
          include: ['test/{integration,faults,hostile}/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout,
          expect,
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
          fileParallelism: false,
        },
      },
    ],
  },
})
