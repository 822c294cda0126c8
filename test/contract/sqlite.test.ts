import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import { storeContract } from './store.contract.ts'

storeContract('SQLite in memory', async () => {
  let now = Date.now()
  const store = await openSqliteStore({ path: ':memory:', clock: { now: () => now } })
  return {
    store,
    verify: true,
    setTime: time => {
      now = time
    },
    dispose: () => store.close(),
  }
})

storeContract('SQLite in a file', async () => {
  let now = Date.now()
  const folder = await mkdtemp(path.join(tmpdir(), 'facteur-store-'))
  const store = await openSqliteStore({ path: path.join(folder, 'facteur.db'), clock: { now: () => now } })
  return {
    store,
    // It takes a thread; the same operations were proved in memory, and the random ones verify by themselves.
    verify: false,
    setTime: time => {
      now = time
    },
    dispose: async () => {
      await store.close()
      await rm(folder, { recursive: true })
    },
  }
})
