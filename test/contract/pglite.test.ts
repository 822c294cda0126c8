import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import { openPostgresStore } from '../../src/store/postgres/open.ts'
import { PgliteChannels } from '../support/pglite.ts'
import { emptyText } from '../support/postgres.ts'
import { type OpenedStore, storeContract } from './store.contract.ts'

describe('PGlite', () => {
  let channels: PgliteChannels
  beforeAll(async () => {
    channels = await PgliteChannels.open()
  })
  afterAll(() => channels.end())

  const open = async (): Promise<OpenedStore> => {
    let now = Date.now()
    const blobFolder = await mkdtemp(path.join(tmpdir(), 'facteur-blobs-'))
    const store = await openPostgresStore({ url: '', blobs: blobFolder, clock: { now: () => now }, channels })
    return {
      store,
      verify: true,
      setTime: time => {
        now = time
      },
      dispose: async () => {
        await store.close()
        await channels.empty(emptyText)
        await rm(blobFolder, { recursive: true })
      },
    }
  }
  // PostgreSQL runs the same statements more than twice as fast: the longer search is done there.
  storeContract('PGlite', open, { sequences: 20 })
})
