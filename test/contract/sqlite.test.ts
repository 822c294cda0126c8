import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { openPostgresStore } from '../../src/store/postgres/open.ts'
import type { Statement } from '../../src/store/sql.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import { postgresPrograms, startCluster } from '../support/postgres.ts'
import { openBoth } from '../support/store-over.ts'
import { twoNodes } from '../support/two-nodes.ts'
import {
  hashedLists,
  inOneLine,
  isPlanned,
  notInFile,
  onPostgres,
  onSqlite,
  postgresPlans,
  postgresScan,
  sqlitePlans,
  sqliteScan,
  wholeScans,
} from './plans/plans.ts'
import { recording } from './plans/recorder.ts'
import { storeContract } from './store.contract.ts'

vi.mock('../../src/store/sql.ts', async importOriginal => {
  const original = await importOriginal<typeof import('../../src/store/sql.ts')>()
  const { recording } = await import('./plans/recorder.ts')
  const sql: typeof original.sql = (...given) => recording.note(original.sql(...given))
  return { ...original, sql }
})

storeContract('SQLite in memory', async () => {
  let now = Date.now()
  const store = await openSqliteStore({ path: ':memory:', clock: { now: () => now } })
  return {
    store: recording.withoutVerifying(store),
    verify: true,
    setTime: time => {
      now = time
    },
    dispose: () => store.close(),
  }
})

describe('the statements of the store', () => {
  const texts = (textIn: (statement: Statement) => string): string[] =>
    [...new Set(recording.statements.map(textIn).map(inOneLine).filter(isPlanned))].sort()

  it('have their plans on SQLite in the file, and none reads the whole of a table that grows', () => {
    const plans = sqlitePlans(texts(onSqlite))
    // Fewer would be a recorder that nothing goes through.
    expect(plans.length).toBeGreaterThan(400)
    expect(notInFile('sqlite', plans), 'npm run plans').toEqual([])
    expect(wholeScans(plans, sqliteScan)).toEqual([])
  })

  it.skipIf(postgresPrograms === null)(
    'have them on PostgreSQL too (skipped where it is not installed)',
    async () => {
      const cluster = await startCluster()
      const blobs = await mkdtemp(path.join(tmpdir(), 'facteur-blobs-'))
      try {
        const url = await cluster.createDatabase('planned')
        await (await openPostgresStore({ url, blobs, clock: { now: () => 0 } })).close()
        const plans = await postgresPlans(url, texts(onPostgres))
        expect(notInFile('postgres', plans), 'npm run plans').toEqual([])
        expect(wholeScans(plans, postgresScan)).toEqual([])
        expect(hashedLists(plans)).toEqual([])
      } finally {
        await rm(blobs, { recursive: true })
        await cluster.dispose()
      }
    },
    120_000,
  )
})

storeContract('SQLite in a file that two processes have', async () => {
  let now = Date.now()
  const folder = await mkdtemp(path.join(tmpdir(), 'facteur-store-'))
  const { own, over } = await openBoth(path.join(folder, 'facteur.db'), { now: () => now })
  return {
    store: twoNodes(own, over),
    // It takes a thread; the same operations were proved in memory, and the random ones verify by themselves.
    verify: false,
    setTime: time => {
      now = time
    },
    dispose: async () => {
      await over.close()
      await own.close()
      await rm(folder, { recursive: true })
    },
  }
})
