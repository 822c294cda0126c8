/** The whole service on PostgreSQL: two of them, each on a database of its own. */
import { afterAll, beforeAll, describe } from 'vitest'
import { type Cluster, postgresPrograms, startCluster } from '../support/postgres.ts'
import { wholeService } from './fixtures/whole-service.ts'

describe.skipIf(postgresPrograms === null)('on PostgreSQL (skipped where it is not installed)', () => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await startCluster({ tcp: true })
  })
  afterAll(() => cluster?.dispose())
  wholeService(async name => ({ FACTEUR_STORE: await cluster.createDatabase(name) }))
})
