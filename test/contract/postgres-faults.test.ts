/** What was acknowledged is there once, whatever becomes of the connections and of the server. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import type pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TextThreads } from '../../src/mail/texts/threads.ts'
import { probeMs, silentMs } from '../../src/store/postgres/limits.ts'
import { openPostgresReader, openPostgresStore } from '../../src/store/postgres/open.ts'
import { PgChannels } from '../../src/store/postgres/pg-channels.ts'
import { onPostgres } from '../../src/store/postgres/schema-text.ts'
import { initial } from '../../src/store/schema/0001-initial.ts'
import type { Store } from '../../src/store/store.ts'
import { postgresPrograms } from '../support/postgres.ts'
import { sharedPostgres } from '../support/shared-postgres.ts'
import { Wire } from '../support/wire.ts'
import { append, damagesOf, newAccount, newEmail, noFlags } from './store-fixtures.ts'

const clock = { now: () => Date.now() }
const threadFile = new URL('../../src/app/text-thread.ts', import.meta.url)

/** A store as version 1 left it. */
const versionOne = [
  'CREATE TABLE schema_version (version BIGINT PRIMARY KEY, applied_at BIGINT NOT NULL)',
  ...initial.statements.map(onPostgres),
  ...(initial.postgres ?? []),
  'INSERT INTO schema_version VALUES (1, 5)',
  "SELECT setval('counter_account', 7)",
  "INSERT INTO domain VALUES ('example.org', NULL, 5, 1)",
  "INSERT INTO account VALUES (7, 'alice@example.org', 'example.org', '$argon2id$x', 1000, 0, 0, 1, 2, 1, 9, 6)",
  "INSERT INTO mailbox VALUES (7, 1, 'INBOX', NULL, 9, 1, 1, 1, 0, 0, 0, 0)",
].join(';\n')

describe.skipIf(postgresPrograms === null)('a store on PostgreSQL (skipped where it is not installed)', () => {
  const postgres = sharedPostgres({ tcp: true, durable: true, settings: ['autovacuum=off'] })
  let wire: Wire
  let store: Store
  /** The port of the wire. */
  let through: string
  let place: { accountId: number; mailboxId: number }

  beforeEach(async () => {
    const url = new URL(postgres.cluster.url('facteur'))
    const { port } = url
    wire = new Wire(() => Number(port))
    through = String(await wire.listen())
    url.port = through
    store = await openPostgresStore({ url: url.href, blobs: postgres.blobFolder, clock })
    const { accountId, inbox } = await newAccount(store)
    place = { accountId, mailboxId: inbox }
  })
  afterEach(async () => {
    expect(await damagesOf(store)).toEqual([])
    await store.close()
    await wire.close()
    await postgres.empty()
  })

  const contents = async (): Promise<string[]> => {
    const messages = await store.read('message.withEmail', { ...place, from: 1, to: 1e9, limit: 10_000 })
    return Promise.all(messages.map(async ({ blobHash }) => Buffer.from(await store.blobs.read(blobHash)).toString()))
  }
  const add = async (content: string): Promise<number> => {
    const messages = [{ email: await newEmail(store, content), flags: noFlags, internalDate: 1 }]
    return (await store.write('message.append', { ...place, messages, at: 1 })).uids[0]!
  }
  const once = (found: (sent: string) => boolean): ((sent: string) => boolean) => {
    let isOver = false
    return sent => !isOver && found(sent) && (isOver = true)
  }
  const isCommit = (sent: string): boolean => sent.includes('COMMIT\0')

  it('does what lost its connection again, and only once', async () => {
    await add('before')
    for (const part of ['INSERT INTO message', 'next_email', 'BEGIN ISOLATION LEVEL READ COMMITTED']) {
      // Statements are known by their text the first time a connection has them.
      await postgres.cluster.query(
        'facteur',
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()',
      )
      wire.cutsBefore = once(sent => sent.includes(part))
      await add(part)
    }
    expect(await contents()).toEqual([
      'before',
      'INSERT INTO message',
      'next_email',
      'BEGIN ISOLATION LEVEL READ COMMITTED',
    ])
  })

  it('finds out what became of a COMMIT that was not answered: it was done', async () => {
    wire.cutsBehind = once(isCommit)
    await add('committed')
    expect(await contents()).toEqual(['committed'])
  })

  it('finds out what became of a COMMIT that was not answered: it never came', async () => {
    wire.cutsBefore = once(isCommit)
    await add('came again')
    expect(await contents()).toEqual(['came again'])
  })

  it.each(['was done', 'never came'])(
    'finds out the same of a COMMIT of many that was not answered: it %s',
    async how => {
      const places = [place]
      for (let at = 0; at < 20; at++) {
        const { accountId, inbox } = await newAccount(store, `u${at}@one.test`)
        places.push({ accountId, mailboxId: inbox })
      }
      let commits = 0
      let cuts = 0
      // Not the first, which has one message.
      const second = (sent: string): boolean => isCommit(sent) && ++commits === 2 && ++cuts > 0
      if (how === 'was done') wire.cutsBehind = second
      else wire.cutsBefore = second
      const messages = [{ email: await newEmail(store, 'to many'), flags: noFlags, internalDate: 1 }]
      await Promise.all(places.map(each => store.write('message.append', { ...each, messages, at: 1 })))
      expect(cuts).toBe(1)
      // One message by itself, sixteen, four; the sixteen again one by one where they never came.
      expect(commits).toBe(how === 'was done' ? 3 : 19)
      for (const each of places)
        expect(await store.read('message.uids', { ...each, after: 0, limit: 9 })).toHaveLength(1)
    },
  )

  it('reads again what lost its connection, a statement by itself and a snapshot of several', async () => {
    await append(store, place, [noFlags, noFlags])
    let cuts = 0
    const countedOnce = (part: string) => once(sent => sent.includes(part) && ++cuts > 0)
    wire.cutsBehind = countedOnce('SELECT uid FROM message')
    expect(await store.read('message.uids', { ...place, after: 0, limit: 9 })).toHaveLength(2)
    wire.cutsBehind = countedOnce('REPEATABLE READ')
    expect(await store.read('message.changedSince', { ...place, since: 0, after: 0, limit: 9 })).toHaveLength(2)
    expect(cuts).toBe(2)
  })

  it('waits for one of its connections where the server lets it have no more', async () => {
    const { cluster } = postgres
    await cluster.query('facteur', 'CREATE ROLE few LOGIN CONNECTION LIMIT 2 IN ROLE postgres')
    const url = new URL(cluster.url('facteur'))
    url.username = 'few'
    const crowded = await openPostgresStore({ url: url.href, blobs: postgres.blobFolder, clock })
    try {
      const name = (number: number): string => `of ${number}`
      const writes = Array.from({ length: 10 }, (_, number) =>
        crowded.write('setting.set', { name: name(number), value: 'there' }),
      )
      const reads = Array.from({ length: 10 }, () => crowded.read('domain.list', {}))
      await Promise.all([...writes, ...reads])
      for (let number = 0; number < writes.length; number++)
        expect(await store.read('setting.get', { name: name(number) })).toBe('there')
    } finally {
      await crowded.close()
      await cluster.query('facteur', 'DROP ROLE few')
    }
  })

  it('answers "unavailable" while there is no database for long, and works once it is back', async () => {
    await add('before')
    await postgres.cluster.stop('fast')
    // Both try for some seconds.
    await Promise.all(
      [store.read('domain.list', {}), add('meanwhile')].map(tried =>
        expect(tried).rejects.toMatchObject({ code: 'unavailable' }),
      ),
    )
    await postgres.cluster.start()
    await add('after')
    expect(await contents()).toEqual(['before', 'after'])
  })

  it('answers "unavailable" while the database says nothing and keeps its connections, and works once it is back', async () => {
    await add('before')
    const email = await newEmail(store, 'meanwhile')
    const meanwhile = () => {
      const messages = [{ email, flags: noFlags, internalDate: 1 }]
      return store.write('message.append', { ...place, messages, at: 1 })
    }
    let asked: Promise<unknown>[] = []
    const frozen = new Promise<void>(resolve => {
      wire.cutsBefore = sent => {
        if (!isCommit(sent)) return false
        wire.cutsBefore = () => false
        postgres.cluster.freeze()
        // More than there are connections, and more than one of an account, which wait for each other.
        asked = [...Array.from({ length: 20 }, () => store.read('domain.list', {})), meanwhile(), meanwhile()]
        resolve()
        return false
      }
    })
    // Sent on, but the server does not see it yet: nobody can say that it is there.
    const unknown = add('committed?')
    try {
      await Promise.all([
        expect(unknown).rejects.toMatchObject({ code: 'unavailable' }),
        frozen.then(() => Promise.all(asked.map(each => expect(each).rejects.toMatchObject({ code: 'unavailable' })))),
      ])
    } finally {
      postgres.cluster.thaw()
    }
    await add('after')
    expect((await contents()).filter(content => content !== 'committed?')).toEqual(['before', 'after'])
  })

  it('doesn’t open where the database says nothing any more once it is connected', async () => {
    const frozen = new Promise<void>(resolve => {
      wire.cutsBefore = sent => {
        if (!sent.includes('server_version_num')) return false
        wire.cutsBefore = () => false
        postgres.cluster.freeze()
        resolve()
        return false
      }
    })
    const url = new URL(postgres.cluster.url('facteur'))
    url.port = through
    const opening = openPostgresStore({ url: url.href, blobs: postgres.blobFolder, clock })
    try {
      const message = expect.stringContaining('nothing is heard of it')
      await Promise.all([frozen, expect(opening).rejects.toMatchObject({ code: 'unavailable', message })])
    } finally {
      postgres.cluster.thaw()
    }
  })

  it('does once more what had no answer in time on a server that lives, and then gives up', async () => {
    const url = new URL(postgres.cluster.url('facteur'))
    url.port = through
    // Instead of 40 seconds; enough for what is answered, on a machine with other work.
    url.searchParams.set('query_timeout', '5000')
    const hasty = await openPostgresStore({ url: url.href, blobs: postgres.blobFolder, clock })
    const read = () => hasty.read('domain.list', {})
    const write = (name: string) =>
      hasty.write('mailbox.create', { accountId: place.accountId, name, specialUse: null, at: 1 })
    let forgotten = 0
    const forget = (part: string, times: number): void => {
      forgotten = 0
      wire.forgetsAt = sent => forgotten < times && sent.includes(part) && ++forgotten > 0
    }
    try {
      forget('REPEATABLE READ', 1)
      expect(await read()).toHaveLength(1)
      forget('READ COMMITTED', 1)
      await write('Once')
      expect(forgotten).toBe(1)
      forget('REPEATABLE READ', 9)
      await expect(read()).rejects.toMatchObject({ code: 'unavailable' })
      expect(forgotten).toBe(2)
      forget('READ COMMITTED', 9)
      await expect(write('Twice')).rejects.toMatchObject({ code: 'unavailable' })
      expect(forgotten).toBe(2)
    } finally {
      wire.forgetsAt = () => false
      await hasty.close()
    }
  })

  it('gives a statement the time it takes where the server lives', async () => {
    const channels = new PgChannels(postgres.cluster.url('facteur'))
    const slow = await channels.take()
    try {
      // Longer than it takes to find out that a server is gone.
      const { rows } = await slow.ask({ text: `SELECT 7, pg_sleep(${(silentMs + probeMs) / 1000 + 1})` })
      expect(rows[0]?.[0]).toBe(7)
    } finally {
      channels.give(slow, false)
      await channels.close()
    }
  })

  it('leaves no socket open when it is closed, though the database says nothing any more', async () => {
    const channels = new PgChannels(postgres.cluster.url('facteur'))
    const channel = await channels.take()
    await channel.ask({ text: 'SELECT 1' })
    const { stream } = (channel as unknown as { client: pg.PoolClient }).client.connection
    channels.give(channel, false)
    postgres.cluster.freeze()
    try {
      await channels.close()
      expect(stream.destroyed).toBe(true)
    } finally {
      postgres.cluster.thaw()
    }
  })

  it('begins an upgrade anew that was broken off, wherever that was', async () => {
    const url = new URL(await postgres.cluster.createDatabase('version_one'))
    url.port = through
    await postgres.cluster.query('version_one', versionOne)
    const blobs = postgres.blobFolderOf('version_one')
    const open = () => openPostgresStore({ url: url.href, blobs, clock })
    // Before the first of it, somewhere in it, and with the answer to its COMMIT lost.
    for (const part of ['BEGIN', 'CREATE TABLE principal', 'CREATE TABLE ledger_entry', 'note_version', 'COMMIT']) {
      wire.cutsBefore = once(sent => sent.includes(part))
      await expect(open(), part).rejects.toMatchObject({ code: 'unavailable' })
      expect(await postgres.cluster.query('version_one', 'SELECT version FROM schema_version')).toEqual([['1']])
    }
    wire.cutsBehind = once(isCommit)
    await expect(open()).rejects.toMatchObject({ code: 'unavailable' })
    const upgraded = await open()
    try {
      expect(await upgraded.read('principal.byAddress', { address: 'alice@example.org' })).toMatchObject({
        principalId: 7,
        passwordHash: '$argon2id$x',
      })
      expect(await upgraded.read('mailbox.byName', { accountId: 7, name: 'INBOX' })).toMatchObject({
        uidValidity: 9,
        recentAbove: null,
      })
      expect(await damagesOf(upgraded)).toEqual([])
    } finally {
      await upgraded.close()
    }
  })

  it('refuses a database of a newer version, and begins nothing in it', async () => {
    const url = await postgres.cluster.createDatabase('newer')
    await (await openPostgresStore({ url, blobs: postgres.blobFolderOf('newer'), clock })).close()
    await postgres.cluster.query('newer', 'INSERT INTO schema_version (version, applied_at) VALUES (999, 0)')
    const begun = () => postgres.cluster.query('newer', 'SELECT pg_snapshot_xmax(pg_current_snapshot())')
    const before = await begun()
    const untouched = path.join(postgres.blobFolder, 'of-the-newer-version')
    const refusal = { code: 'unavailable', message: expect.stringContaining('version 999') }
    for (const open of [openPostgresStore, openPostgresReader])
      await expect(open({ url, blobs: untouched, clock })).rejects.toMatchObject(refusal)
    expect(await begun()).toEqual(before)
    expect(existsSync(untouched)).toBe(false)
  })

  it('is open to threads and workers of a service that runs when a node of a newer version has widened it', async () => {
    const url = await postgres.cluster.createDatabase('widened')
    const blobFolder = postgres.blobFolderOf('widened')
    const first = await openPostgresStore({ url, blobs: blobFolder, clock })
    const { accountId, inbox: mailboxId } = await newAccount(first)
    await postgres.cluster.query('widened', 'INSERT INTO schema_version (version, applied_at) VALUES (999, 0)')
    const location = { data: '', store: url, blobs: blobFolder, s3AccessKeyId: null, s3SecretAccessKey: null }
    const threads = new TextThreads(threadFile, { ...location, s3CacheSize: 0 })
    try {
      const { uids } = await threads.run('numbers', { accountId, mailboxId, from: 1, to: 9 })
      expect([...uids]).toEqual([])
      const worker = await openPostgresStore({ url, blobs: blobFolder, clock, takesNewer: true })
      expect(await worker.read('mailbox.byName', { accountId, name: 'INBOX' })).toMatchObject({ mailboxId })
      await worker.close()
    } finally {
      await threads.close()
      await first.close()
    }
  })

  it('loses and doubles nothing it acknowledged when the server dies in the middle of it, and comes back', async () => {
    const acknowledged: string[] = []
    let running = true
    const writers = Array.from({ length: 6 }, async (_, writer) => {
      for (let count = 0; running; count++) {
        const content = `message ${count} of writer ${writer}`
        await add(content).then(
          () => acknowledged.push(content),
          error => expect(error).toMatchObject({ code: 'unavailable' }),
        )
      }
    })
    const someMore = () => expect.poll(() => acknowledged.length).toBeGreaterThan(acknowledged.length + 20)
    for (let death = 0; death < 2; death++) {
      await someMore()
      await postgres.cluster.stop('immediate')
      await postgres.cluster.start()
    }
    await someMore()
    running = false
    await Promise.all(writers)
    const found = await contents()
    expect(new Set(found).size).toBe(found.length)
    expect(acknowledged.filter(content => !found.includes(content))).toEqual([])
  })
})
