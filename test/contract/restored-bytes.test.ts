/** Messages that are imported again while their bytes are damaged or gone: they are there already, and whole again after. */
import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { constants, zstdCompressSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Importer } from '../../src/archive/import.ts'
import { LocalChanges } from '../../src/mail/changes.ts'
import { Mailboxes } from '../../src/mail/mailboxes.ts'
import { Messages } from '../../src/mail/messages.ts'
import { systemClock } from '../../src/ops/clock.ts'
import type { BlobPlace } from '../../src/store/blobs/place.ts'
import { S3Client } from '../../src/store/blobs/s3/client.ts'
import { openPostgresStore } from '../../src/store/postgres/open.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import type { Store } from '../../src/store/store.ts'
import { PgliteChannels } from '../support/pglite.ts'
import { startObjectServer } from '../support/s3.ts'
import { damagesOf, newAccount } from './store-fixtures.ts'

const messages = [20, 5_000, 6_000, 200_000, 210_000].map(bytes => Buffer.from(randomBytes(bytes).toString('base64')))
const hashes = messages.map(bytes => createHash('sha256').update(bytes).digest('hex'))

let folder: string
let store: Store
let accountId: number
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'facteur-restored-'))
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true })
})

async function importAll(): Promise<{ imported: number; restored: number }> {
  const changes = new LocalChanges()
  const importer = new Importer(new Mailboxes(store, changes, systemClock), new Messages(store, changes, systemClock))
  const flags = { system: 0, keywords: [] }
  const each = messages.map(bytes => ({ flags, internalDate: 1, bytes }))
  return importer.add({ accountId, mailbox: 'INBOX', messages: each })
}

async function begin(): Promise<void> {
  accountId = (await newAccount(store)).accountId
  expect(await importAll()).toEqual({ imported: messages.length, restored: 0 })
  expect(await damagesOf(store)).toEqual([])
}

async function expectWholeAgain(damaged: number): Promise<void> {
  expect(await damagesOf(store)).toHaveLength(damaged)
  await expectWholeByImport(damaged)
}

async function expectWholeByImport(damaged: number): Promise<void> {
  expect(await importAll()).toEqual({ imported: 0, restored: damaged })
  for (const [index, hash] of hashes.entries())
    expect(Buffer.compare(await store.blobs.read(hash), messages[index]!)).toBe(0)
  expect(await damagesOf(store)).toEqual([])
}

describe('on the embedded store', () => {
  const open = async (blobs?: BlobPlace): Promise<void> => {
    store = await openSqliteStore({
      path: path.join(folder, 'facteur.db'),
      clock: systemClock,
      ...(blobs && { blobs }),
    })
  }
  const damage = async (spoil: () => void): Promise<void> => {
    await store.close()
    spoil()
    await open()
  }
  const names = (): string[] =>
    readdirSync(path.join(folder, 'blobs'), { recursive: true, encoding: 'utf8' }).filter(name =>
      /[0-9a-f]{64}/.test(name),
    )
  beforeEach(async () => {
    await open()
    await begin()
  })

  it('in rows', async () => {
    await damage(() => {
      const database = new DatabaseSync(path.join(folder, 'facteur.db'))
      database.exec('UPDATE blob SET data = zeroblob(stored_bytes) WHERE data IS NOT NULL')
      database.close()
    })
    await expectWholeAgain(1)
  })

  it('in packs that are damaged, or gone', async () => {
    const pack = path.join(folder, 'packs', '1')
    await damage(() => writeFileSync(pack, Buffer.alloc(readFileSync(pack).length)))
    await expectWholeAgain(2)
    await damage(() => rmSync(pack))
    await expectWholeAgain(2)
  })

  it('in files that are damaged, gone, or of another length than their rows say', async () => {
    const [first, second] = names()
    await damage(() => {
      rmSync(path.join(folder, 'blobs', first!))
      writeFileSync(path.join(folder, 'blobs', second!), 'x')
    })
    await expectWholeAgain(2)
    await damage(() => {
      const database = new DatabaseSync(path.join(folder, 'facteur.db'))
      database.exec('UPDATE blob SET stored_bytes = 1 WHERE data IS NULL AND pack IS NULL')
      database.close()
    })
    await expectWholeAgain(2)
  })

  it('is not said of what another version of zstd keeps in another form', async () => {
    await damage(() => {
      const database = new DatabaseSync(path.join(folder, 'facteur.db'))
      const kept = database.prepare(
        'UPDATE blob SET data = ?, stored_bytes = ?, encoding = ?, pack = NULL WHERE hash = ?',
      )
      for (const [index, hash] of hashes.slice(0, 3).entries()) {
        const stored = zstdCompressSync(messages[index]!, { params: { [constants.ZSTD_c_compressionLevel]: 19 } })
        kept.run(stored, stored.byteLength, 'zstd', Buffer.from(hash, 'hex'))
      }
      database.close()
    })
    await expectWholeAgain(0)
  })

  it('leaves what is whole as it is', async () => {
    const size = (): number => readFileSync(path.join(folder, 'packs', '1')).length
    await damage(() => {})
    const before = size()
    expect(await importAll()).toEqual({ imported: 0, restored: 0 })
    await damage(() => {})
    expect(size()).toBe(before)
  })
})

it('in objects that are damaged, or gone', async () => {
  const server = await startObjectServer()
  try {
    const blobs = { ...server.place, prefix: 'restored/' }
    store = await openSqliteStore({ path: path.join(folder, 'facteur.db'), clock: systemClock, blobs })
    await begin()
    const client = new S3Client(blobs)
    const [first, second] = (await client.list(null, 100)).objects.filter(({ key }) => /[0-9a-f]{64}/.test(key))
    await client.remove(first!.key)
    await client.put(second!.key, Buffer.from('x'))
    await expectWholeAgain(2)
    const before = server.requests.filter(({ method }) => method === 'PUT').length
    expect(await importAll()).toEqual({ imported: 0, restored: 0 })
    expect(server.requests.filter(({ method }) => method === 'PUT')).toHaveLength(before)
  } finally {
    await server.dispose()
  }
})

it('in rows of PostgreSQL', async () => {
  const channels = await PgliteChannels.open()
  store = await openPostgresStore({ url: '', blobs: path.join(folder, 'blobs'), clock: systemClock, channels })
  await begin()
  await channels.empty(`UPDATE blob SET data = '\\x00' WHERE data IS NOT NULL`)
  // Here to verify damage would take a second connection.
  await expect(store.blobs.read(hashes[1]!)).rejects.toMatchObject({ code: 'damaged' })
  await expectWholeByImport(3)
  await store.close()
  await channels.end()
  store = await openSqliteStore({ path: ':memory:', clock: systemClock })
})
