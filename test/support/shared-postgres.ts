/** What stores on PostgreSQL share in the tests of one file: a cluster with a database for them, and a folder for their large blobs. */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { type Cluster, type ClusterOptions, emptyStore, startCluster } from './postgres.ts'

export interface SharedPostgres {
  readonly cluster: Cluster
  /** Of the database `facteur`. */
  readonly url: string
  readonly blobFolder: string
  /** Of another database's store: a folder belongs to one. */
  blobFolderOf(database: string): string
  /** For the next test, once this one's stores are closed: the database and the folder. */
  empty(): Promise<void>
}

/** In a `describe`: there from its first test to its last. */
export function sharedPostgres(options: ClusterOptions = {}): SharedPostgres {
  let cluster: Cluster | undefined
  let blobFolder = ''
  const started = (): Cluster => {
    if (!cluster) throw new Error('the cluster is started before the first test')
    return cluster
  }
  beforeAll(async () => {
    cluster = await startCluster(options)
    await cluster.createDatabase('facteur')
    blobFolder = await mkdtemp(path.join(tmpdir(), 'facteur-blobs-'))
  })
  afterAll(async () => {
    await cluster?.dispose()
    if (blobFolder !== '') await rm(blobFolder, { recursive: true, force: true })
  })
  return {
    get cluster() {
      return started()
    },
    get url() {
      return started().url('facteur')
    },
    get blobFolder() {
      return blobFolder
    },
    blobFolderOf: database => path.join(blobFolder, database),
    empty: async () => {
      await emptyStore(started(), 'facteur')
      for (const name of await readdir(blobFolder)) await rm(path.join(blobFolder, name), { recursive: true })
    },
  }
}
