/** Each kind of damage is found and named. */
import { randomBytes } from 'node:crypto'
import {
  copyFileSync,
  cpSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/ops/clock.ts'
import { blobFileReader } from '../../src/store/blobs/files.ts'
import { sql } from '../../src/store/sql.ts'
import { openReadOnly } from '../../src/store/sqlite/database.ts'
import { integrityOf } from '../../src/store/sqlite/integrity.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import type { Damage } from '../../src/store/store.ts'
import { verify } from '../../src/store/verify/verify.ts'
import { append, newAccount, newEmail, newQueueMessage, noFlags } from './store-fixtures.ts'
import { newTrace } from './trace-fixtures.ts'

let folder: string
let inlineHash: string
let fileHash: string
let packedHash: string

/** A store with one of everything, closed. */
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'facteur-damage-'))
  const store = await openSqliteStore({ path: path.join(folder, 'whole', 'facteur.db'), clock: systemClock })
  const { accountId, inbox } = await newAccount(store)
  await store.write('alias.set', { address: 'info@one.test', targets: ['ann@one.test'], at: 1 })
  await append(store, { accountId, mailboxId: inbox }, [{ system: 9, keywords: ['a', 'b'] }, noFlags, noFlags])
  const uids = [{ from: 2, to: 2 }]
  await store.write('message.expunge', { accountId, mailboxId: inbox, uids, onlyDeleted: false, at: 1 })
  const inline = await newEmail(store, 'bytes that lie in a row, readable to who looks for them')
  const large = await newEmail(store, randomBytes(150_000), { messageId: 'm', references: ['r'] })
  const packed = await newEmail(store, randomBytes(5000), { messageId: 'p' })
  packedHash = packed.blob.hash
  inlineHash = inline.blob.hash
  fileHash = large.blob.hash
  const messages = [inline, large, packed].map(email => ({ email, flags: noFlags, internalDate: 1 }))
  await store.write('message.append', { accountId, mailboxId: inbox, messages, at: 1 })
  const queue = await newQueueMessage(store, [{ address: 'c@far.test' }])
  await store.write('message.accept', { deliveries: [], queue: [queue], at: 1 })
  await store.write('trace.record', { traces: [newTrace(), newTrace()], events: [] })
  await store.write('trace.index', { size: 2, keys: 100, before: 0, segmentIds: 100, segmentMs: 100 })
  await store.close()
})
afterAll(() => rmSync(folder, { recursive: true }))

/** `meanwhile`: once the snapshot is taken. */
async function damagesAfter(
  damage: (folder: string) => void,
  meanwhile: (folder: string) => void = () => {},
): Promise<Damage[]> {
  const copy = path.join(folder, 'copy')
  rmSync(copy, { recursive: true, force: true })
  cpSync(path.join(folder, 'whole'), copy, { recursive: true })
  damage(copy)
  const connection = openReadOnly(path.join(copy, 'facteur.db'))
  const current = openReadOnly(path.join(copy, 'facteur.db'))
  connection.control('BEGIN')
  connection.get(sql`SELECT COUNT(*) FROM blob`)
  meanwhile(copy)
  const damages: Damage[] = []
  for await (const each of verify({
    reader: connection,
    readNow: query => query(current),
    readLarge: blobFileReader(path.join(copy, 'blobs')),
    engine: integrityOf(connection),
  }))
    damages.push(each)
  connection.close()
  current.close()
  return damages
}

const execute =
  (text: string) =>
  (copy: string): void => {
    const database = new DatabaseSync(path.join(copy, 'facteur.db'), { enableForeignKeyConstraints: false })
    database.exec(text)
    database.close()
  }

const replaceBytes =
  (from: string, to: string) =>
  (copy: string): void => {
    const file = path.join(copy, 'facteur.db')
    const bytes = readFileSync(file)
    for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + 1)) bytes.write(to, at)
    writeFileSync(file, bytes)
  }

const blobFile = (copy: string): string => {
  const blobs = path.join(copy, 'blobs')
  const name = readdirSync(blobs, { recursive: true, encoding: 'utf8' }).find(each => each.includes(fileHash))
  return path.join(blobs, name!)
}

const inInbox = (uid: number): Damage['named'] => ({
  messages: [{ address: 'ann@one.test', mailbox: 'INBOX', uid }],
  queued: [],
  more: false,
})

it('finds nothing in a store that is whole', async () => {
  expect(await damagesAfter(() => {})).toEqual([])
})

describe('of a store in use, finds nothing', () => {
  const nothing = (): void => {}

  it('in what was removed since, bytes and all', async () => {
    const removed = (copy: string): void => {
      execute('DELETE FROM blob')(copy)
      rmSync(path.join(copy, 'packs'), { recursive: true })
      rmSync(path.join(copy, 'blobs'), { recursive: true })
    }
    expect(await damagesAfter(nothing, removed)).toEqual([])
  })

  it('in what was moved to another pack since', async () => {
    const moved = (copy: string): void => {
      execute('UPDATE blob SET pack = 2 WHERE pack = 1')(copy)
      renameSync(path.join(copy, 'packs', '1'), path.join(copy, 'packs', '2'))
    }
    expect(await damagesAfter(nothing, moved)).toEqual([])
  })

  it('but what is damaged where it was moved to', async () => {
    const moved = (copy: string): void => {
      execute('UPDATE blob SET pack = 2 WHERE pack = 1')(copy)
      rmSync(path.join(copy, 'packs', '1'))
    }
    const problem = expect.stringContaining('missing in pack 2')
    expect(await damagesAfter(nothing, moved)).toEqual([{ table: 'blob', key: packedHash, problem, named: inInbox(6) }])
  })
})

describe('names a counter that is wrong', () => {
  it.each([
    ['domain', 'UPDATE domain SET accounts = 2', 'one.test', 'accounts is 2, but there are 1'],
    ['account', 'UPDATE account SET messages = 9', 'ann@one.test', 'messages is 9, but there are 5'],
    ['account', 'UPDATE account SET used_bytes = used_bytes + 1', 'ann@one.test', 'used_bytes'],
    ['account', 'UPDATE account SET modseq = 1', 'ann@one.test', 'modseq'],
    ['account', 'UPDATE account SET next_mailbox_id = 1', 'ann@one.test', 'next_mailbox_id'],
    ['account', 'UPDATE account SET next_email = 3', 'ann@one.test', 'next_email'],
    ['account', 'UPDATE account SET last_uid_validity = 0', 'ann@one.test', 'last_uid_validity'],
    ['mailbox', 'UPDATE mailbox SET messages = messages + 1', '1/1', 'messages is 6, but there are 5'],
    ['mailbox', 'UPDATE mailbox SET unseen = 0', '1/1', 'unseen is 0, but there are 4'],
    ['mailbox', 'UPDATE mailbox SET deleted = 0', '1/1', 'deleted is 0, but there are 1'],
    ['mailbox', 'UPDATE mailbox SET size_bytes = 0', '1/1', 'size_bytes'],
    ['mailbox', 'UPDATE mailbox SET uid_next = 6', '1/1', 'uid_next is 6, but 7 was found'],
    ['mailbox', 'UPDATE mailbox SET highest_modseq = 1', '1/1', 'highest_modseq'],
    ['counter', "UPDATE counter SET value = 0 WHERE name = 'queue_recipient'", 'queue_recipient', 'value'],
  ])('of %s: %s', async (table, text, key, problem) => {
    const damages = await damagesAfter(execute(text))
    expect(damages).toEqual([{ table, key, problem: expect.stringContaining(problem) }])
  })
})

describe('names what refers to nothing', () => {
  it.each([
    ['account', "UPDATE domain SET name = 'x'", 'ann@one.test', 'its domain is missing'],
    ['alias', "UPDATE domain SET name = 'x'", 'info@one.test', 'its domain is missing'],
    ['alias', "UPDATE alias SET address = 'ann@one.test'", 'ann@one.test', 'an account has the same address'],
    ['account', "UPDATE mailbox SET name = 'Inbox'", 'ann@one.test', 'no INBOX'],
    ['mailbox', 'UPDATE mailbox SET account_id = 7', '7/1', 'its account is missing'],
    ['mailbox_keyword', 'UPDATE mailbox_keyword SET mailbox_id = 7', '1/7/a', 'its mailbox is missing'],
    [
      'mailbox_keyword',
      "DELETE FROM mailbox_keyword WHERE folded = 'b'",
      '1/1/b',
      'it is missing, but message 1 has it',
    ],
    ['subscription', 'UPDATE subscription SET account_id = 7', '7/INBOX', 'its account is missing'],
    ['expunged', 'UPDATE expunged SET mailbox_id = 7', '1/7/2', 'its mailbox is missing'],
    ['message', 'UPDATE expunged SET to_uid = 3', '1/1/3', 'expunged'],
    ['message', 'UPDATE message SET mailbox_id = 7', '1/7/1', 'its mailbox is missing'],
    ['message', 'UPDATE message SET email_id = 7 WHERE uid = 1', '1/1/1', 'its email is missing'],
    ['message', 'UPDATE message SET thread_id = 7 WHERE uid = 1', '1/1/1', 'its email is missing'],
    ['email', 'DELETE FROM message WHERE uid = 1', '4294967297', 'no message names it'],
    ['message', 'DELETE FROM email WHERE email_id = 4294967297', '1/1/1', 'its email is missing'],
    ['thread_reference', 'UPDATE thread_reference SET account_id = 7', undefined, 'its account is missing'],
    ['email', 'UPDATE blob SET seq = seq + 100', '4294967297', 'is missing'],
    ['queue_message', 'UPDATE blob SET seq = seq + 100', '1', 'is missing'],
    ['blob', 'UPDATE blob SET seq = seq + 100', '101', 'the sweep does not know'],
    ['blob_released', 'INSERT INTO blob_released (blob_seq, account_id) VALUES (99, 1)', '99/1', 'its blob is missing'],
    ['queue_recipient', 'UPDATE queue_recipient SET queue_id = 9', '1', 'its message is missing'],
    ['queue_recipient', "UPDATE queue_recipient SET status = 'gone'", '1', 'its status'],
    ['queue_recipient', 'UPDATE queue_recipient SET available_at = 5', '1', 'leased at another time'],
    ['queue_message', 'UPDATE queue_message SET settled_at = 5', '1', 'settled'],
    // Half a step of the index: its hashes without how far it went, or without the segment they are of.
    ['trace_key', 'UPDATE trace_segment SET last_id = 1', '2', 'beyond its segment'],
    ['trace_key', 'DELETE FROM trace_segment', '1', 'its segment is missing'],
  ])('in %s: %s', async (table, text, key, problem) => {
    const damages = await damagesAfter(execute(text))
    expect(damages).toContainEqual({ table, key: key ?? expect.any(String), problem: expect.stringContaining(problem) })
  })
})

describe('names contents that changed', () => {
  it.each([
    ['message', 'UPDATE message SET flags = 64 WHERE uid = 3', '1/1/3', 'its flags are 64'],
    ['message', "UPDATE message SET keywords = 'b a' WHERE uid = 1", '1/1/1', 'keywords'],
    ['email', "UPDATE email SET envelope = 'x' WHERE email_id = 4294967297", '4294967297', 'checksum'],
    ['email', "UPDATE email SET subject = 'x' WHERE email_id = 4294967297", '4294967297', 'checksum'],
    ['email', "UPDATE email SET message_references = '[' WHERE email_id = 4294967297", '4294967297', 'unreadable'],
    ['alias', "UPDATE alias SET targets = '['", 'info@one.test', 'unreadable'],
    ['queue_recipient', "UPDATE queue_recipient SET notify = '['", '1', 'unreadable'],
  ])('in %s: %s', async (table, text, key, problem) => {
    const damages = await damagesAfter(execute(text))
    expect(damages).toContainEqual({ table, key, problem: expect.stringContaining(problem) })
  })

  it('a byte of a blob in its row', async () => {
    const damages = await damagesAfter(replaceBytes('readable to who looks', 'readable to who lOoks'))
    expect(damages).toEqual([
      { table: 'blob', key: inlineHash, problem: expect.stringContaining('SHA-256'), named: inInbox(4) },
    ])
  })

  it('what of the queue has a blob that is damaged, and no more of it than can be read', async () => {
    const queueHash = '(SELECT b.seq FROM blob AS b JOIN queue_message AS q ON q.blob_seq = b.seq)'
    const damages = await damagesAfter(
      execute(`UPDATE blob SET data = zeroblob(stored_bytes) WHERE seq = ${queueHash}`),
    )
    expect(damages).toMatchObject([{ table: 'blob', named: { messages: [], queued: [1], more: false } }])
    const many = `INSERT INTO message SELECT account_id, mailbox_id, uid + 100 + n.value, flags, keywords, modseq, internal_date,
      save_date, size_bytes, email_id, thread_id FROM message, json_each('[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]') AS n WHERE uid = 4`
    const [damage] = (
      await damagesAfter(copy => {
        execute(many)(copy)
        replaceBytes('readable to who looks', 'readable to who lOoks')(copy)
      })
    ).filter(({ table }) => table === 'blob')
    expect(damage?.named?.messages).toHaveLength(20)
    expect(damage?.named?.more).toBe(true)
  })

  it.each([
    ['an ENVELOPE', '(envelope of 150000)', '(envelope of 150001)'],
    ['the header fields that are kept', 'Subject: of 150000', 'Subject: of 150001'],
  ])('a letter of %s on the disk', async (_, text, other) => {
    const damages = await damagesAfter(replaceBytes(text, other))
    expect(damages).toEqual([{ table: 'email', key: expect.any(String), problem: 'its checksum is wrong' }])
  })

  it('a byte of a blob in its file, and a file that is short or gone', async () => {
    const change = (edit: (bytes: Buffer) => Buffer) => (copy: string) =>
      writeFileSync(blobFile(copy), edit(readFileSync(blobFile(copy))))
    const named = (problem: string): Damage[] => [
      { table: 'blob', key: fileHash, problem: expect.stringContaining(problem), named: inInbox(5) },
    ]
    const flip = change(bytes => {
      bytes.writeUInt8(bytes.readUInt8(1000) ^ 1, 1000)
      return bytes
    })
    expect(await damagesAfter(flip)).toEqual(named('SHA-256'))
    expect(await damagesAfter(change(bytes => bytes.subarray(0, -1)))).toEqual(named('149999 bytes instead of 150000'))
    expect(await damagesAfter(copy => rmSync(blobFile(copy)))).toEqual(named('its file or object is missing'))
  })

  it('a byte of a blob in a pack, and a pack that is short or gone', async () => {
    const named = (problem: string): Damage[] => [
      { table: 'blob', key: packedHash, problem: expect.stringContaining(problem), named: inInbox(6) },
    ]
    const pack = (copy: string): string => path.join(copy, 'packs', '1')
    const flip = (copy: string): void => {
      const bytes = readFileSync(pack(copy))
      bytes.writeUInt8(bytes.readUInt8(1000) ^ 1, 1000)
      writeFileSync(pack(copy), bytes)
    }
    expect(await damagesAfter(flip)).toEqual(named('SHA-256'))
    expect(await damagesAfter(copy => truncateSync(pack(copy), 4999))).toEqual(named('missing in pack 1'))
    expect(await damagesAfter(copy => rmSync(pack(copy)))).toEqual(named('missing in pack 1'))
  })

  it('what breaks the database’s own structure, and goes on with the rest', async () => {
    const damages = await damagesAfter(copy => {
      execute('UPDATE domain SET accounts = 5')(copy)
      const file = path.join(copy, 'facteur.db')
      const database = new DatabaseSync(file)
      const page = database.prepare("SELECT rootpage FROM sqlite_master WHERE name = 'email_blob'").get()!
      database.close()
      const bytes = readFileSync(file)
      bytes.fill(0xff, (Number(page.rootpage) - 1) * 4096, Number(page.rootpage) * 4096)
      writeFileSync(file, bytes)
    })
    expect(damages).toContainEqual({ table: 'database', key: '', problem: expect.any(String) })
    expect(damages).toContainEqual({ table: 'blob', key: '', problem: expect.stringContaining("can't be read") })
    expect(damages).toContainEqual({ table: 'domain', key: 'one.test', problem: expect.stringContaining('accounts') })
  })
})

it('refuses to hand out a blob that is damaged', async () => {
  const copy = path.join(folder, 'served')
  cpSync(path.join(folder, 'whole'), copy, { recursive: true })
  copyFileSync(path.join(copy, 'facteur.db'), blobFile(copy))
  const store = await openSqliteStore({ path: path.join(copy, 'facteur.db'), clock: systemClock })
  await expect(store.blobs.read(fileHash)).rejects.toMatchObject({ code: 'damaged' })
  rmSync(blobFile(copy))
  await expect(store.blobs.read(fileHash)).rejects.toMatchObject({ code: 'damaged' })
  await store.close()
})
