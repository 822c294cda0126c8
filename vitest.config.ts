import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    projects: [
      // Codecs, store, sessions: no sockets beyond loopback, no package from outside npm.
      {
        test: {
          name: 'unit',
          include: ['{src,web/src}/**/*.test.ts', 'test/{contract,transcripts,structure,fuzz}/**/*.test.ts'],
          // Far above what any takes: a machine with other work is no failure.
          testTimeout: 30_000,
        },
      },
      // The whole service, with real clients over real sockets.
      {
        test: {
          name: 'service',
          include: ['test/{integration,faults,hostile}/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      // The web application in Chromium, in front of the whole service.
      {
        test: {
          name: 'browser',
          include: ['{test/browser,web/test}/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
