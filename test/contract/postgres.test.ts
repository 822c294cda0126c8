import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import { openPostgresStore } from '../../src/store/postgres/open.ts'
import { type Cluster, emptyStore, postgresPrograms, startCluster } from '../support/postgres.ts'
import { twoNodes } from '../support/two-nodes.ts'
import { storeContract } from './store.contract.ts'

describe.skipIf(postgresPrograms === null)('PostgreSQL (skipped where it is not installed)', () => {
  let cluster: Cluster
  let url: string
  beforeAll(async () => {
    // Its transactions come at any moment, and ids are settled only behind all that were under way before.
    cluster = await startCluster({ settings: ['autovacuum=off'] })
    url = await cluster.createDatabase('facteur')
  })
  afterAll(() => cluster?.dispose())

  // A fault of one node alone shows on two as well.
  storeContract('PostgreSQL, two nodes in turn', async () => {
    let now = Date.now()
    const blobFolder = await mkdtemp(path.join(tmpdir(), 'facteur-blobs-'))
    const open = () => openPostgresStore({ url, blobs: blobFolder, clock: { now: () => now } })
    const store = twoNodes(await open(), await open())
    return {
      store,
      verify: true,
      setTime: time => {
        now = time
      },
      dispose: async () => {
        await store.close()
        await emptyStore(cluster, 'facteur')
        await rm(blobFolder, { recursive: true })
      },
    }
  })
})
