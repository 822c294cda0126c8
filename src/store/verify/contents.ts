/** Every row whose contents can be proved: blobs by their hash, emails by their checksum, messages and the queue by their form. */
import { hashOf } from '../blobs/encoding.ts'
import type { ReadLargeBlob } from '../blobs/large.ts'
import { type BlobTuple, missing, readStored, type StoredTuple, storedColumns, storedRow } from '../blobs/stored.ts'
import { checksumOf, type StoredEmailTuple, storedEmailColumns, unpackReferences } from '../rows/email.ts'
import { foldKeyword, packKeywords, unpackKeywords } from '../rows/keywords.ts'
import { type QueueRecipientTuple, queueRecipientColumns, queueRecipientRow } from '../rows/queue.ts'
import { sql } from '../sql.ts'
import type { Awaitable, Reader } from '../transaction.ts'
import { Flag } from '../types.ts'
import { type Check, pageRows, type Verification } from './check.ts'
import { namedBy } from './named.ts'
import { texts } from './texts.ts'

/** Small, for a blob may be 128 KiB in its row. */
const blobsAtOnce = 64
/** Large ones may lie far away: several are asked for at once. */
const blobsSideBySide = 8

const allFlags = Object.values(Flag).reduce((all, flag) => all | flag, 0)

export const blobs: Check = {
  table: 'blob',
  async *run(verification) {
    const { reader, advance } = verification
    for (let after = 0; ; ) {
      const page = await reader.all<[number, Uint8Array, ...StoredTuple]>(sql`
        SELECT seq, hash, ${storedColumns} FROM blob WHERE seq > ${after}
        ORDER BY seq LIMIT ${blobsAtOnce}`)
      for (let at = 0; at < page.length; at += blobsSideBySide) {
        const some = page.slice(at, at + blobsSideBySide)
        const problems = await Promise.all(
          some.map(async ([seq, hash, ...row]) => {
            const name = Buffer.from(hash).toString('hex')
            return { seq, name, problem: await problemOf(verification, name, row) }
          }),
        )
        for (const { seq, name, problem } of problems)
          if (problem) yield { table: 'blob', key: name, problem, ...(await namedBy(reader, seq)) }
      }
      after = page.at(-1)?.[0] ?? after
      advance(page.length)
      if (page.length < blobsAtOnce) return
    }
  },
}

/** Where the bytes lie, and how many they are; null where there is no such blob. */
type Locate = () => Awaitable<[BlobTuple, storedBytes: number] | null>

async function problemOf(verification: Verification, name: string, row: StoredTuple): Promise<string | null> {
  const { reader, readNow, readLarge } = verification
  const inSnapshot = await problemAt(name, () => [storedRow(reader, name, row), row[6]], readLarge)
  if (inSnapshot === null) return null
  // A sweep since the snapshot may have moved it, or removed it, and an hour later its bytes.
  const locateNow: Locate = () =>
    readNow(async now => {
      const row = await now.get<StoredTuple>(sql`
        SELECT ${storedColumns} FROM blob WHERE hash = ${Buffer.from(name, 'hex')}`)
      return row ? [storedRow(now, name, row), row[6]] : null
    })
  return problemAt(name, locateNow, readLarge)
}

async function problemAt(name: string, locate: Locate, readLarge: ReadLargeBlob): Promise<string | null> {
  try {
    const located = await locate()
    if (!located) return null
    const [[encoding, rawBytes, object, inline], storedBytes] = located
    const data = inline ?? (await readLarge({ hash: name, encoding, object }))
    if (!data) return missing
    if (data.byteLength !== storedBytes) return `it is kept in ${data.byteLength} bytes instead of ${storedBytes}`
    const { bytes } = await readStored(name, [encoding, rawBytes, object, data], readLarge)
    // Reading trusts the checksum zstd keeps; here the name itself is proved.
    return (await hashOf(bytes)) === name ? null : 'its bytes have another SHA-256'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

export const emails: Check = {
  table: 'email',
  async *run({ reader, advance }) {
    for (let after = 0; ; ) {
      const page = await reader.all<[number, ...StoredEmailTuple]>(sql`
        SELECT checksum, ${storedEmailColumns} FROM email WHERE email_id > ${after} ORDER BY email_id LIMIT ${pageRows}`)
      for (const [checksum, ...columns] of page) {
        after = columns[0]
        const key = String(after)
        if (checksumOf(columns) !== checksum) yield { table: 'email', key, problem: 'its checksum is wrong' }
        if (!decodes(() => unpackReferences(columns[9])))
          yield { table: 'email', key, problem: 'its references are unreadable' }
        const blob = await reader.get<[Uint8Array]>(sql`SELECT hash FROM blob WHERE seq = ${columns[3]}`)
        if (!blob || Buffer.from(blob[0]).toString('hex') !== columns[4])
          yield { table: 'email', key, problem: `its blob ${columns[4]} is missing` }
      }
      advance(page.length)
      if (page.length < pageRows) return
    }
  },
}

export const messages: Check = {
  table: 'message',
  async *run({ reader, advance }) {
    const mailbox = new MailboxKeywords(reader)
    for (let after: [number, number, number] = [0, 0, 0]; ; ) {
      const [account, within, last] = after
      const page = await reader.all<[number, number, number, number, string]>(sql`
        SELECT account_id, mailbox_id, uid, flags, keywords FROM message
        WHERE (account_id, mailbox_id, uid) > (${account}, ${within}, ${last})
        ORDER BY account_id, mailbox_id, uid LIMIT ${pageRows}`)
      for (const [accountId, mailboxId, uid, flags, keywords] of page) {
        after = [accountId, mailboxId, uid]
        const key = after.join('/')
        if ((flags & ~allFlags) !== 0) yield { table: 'message', key, problem: `its flags are ${flags}` }
        if (packKeywords(unpackKeywords(keywords)) !== keywords)
          yield { table: 'message', key, problem: 'its keywords are not sorted, or doubled' }
        if (keywords === '') continue
        for (const folded of await mailbox.lacking(accountId, mailboxId, keywords)) {
          const missing = [accountId, mailboxId, folded].join('/')
          yield { table: 'mailbox_keyword', key: missing, problem: `it is missing, but message ${uid} has it` }
        }
      }
      advance(page.length)
      if (page.length < pageRows) return
    }
  },
}

/** Those of one mailbox after the other. */
class MailboxKeywords {
  readonly #reader: Reader
  #of = ''
  #known = new Set<string>()

  constructor(reader: Reader) {
    this.#reader = reader
  }

  /** Of a message's keywords those that its mailbox doesn't have, each once. */
  async lacking(accountId: number, mailboxId: number, keywords: string): Promise<string[]> {
    const mailbox = `${accountId}/${mailboxId}`
    if (mailbox !== this.#of) {
      const rows = await this.#reader.all<[string]>(sql`
        SELECT folded FROM mailbox_keyword WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId}`)
      this.#known = new Set(rows.map(([folded]) => folded))
      this.#of = mailbox
    }
    const lacking = unpackKeywords(keywords)
      .map(foldKeyword)
      .filter(folded => !this.#known.has(folded))
    for (const folded of lacking) this.#known.add(folded)
    return lacking
  }
}

export const queue: Check = {
  table: 'queue_recipient',
  async *run({ reader, advance }) {
    for (const [queueId, hash, stored] of await reader.all<[number, string, Uint8Array | null]>(sql`
      SELECT q.queue_id, q.blob_hash, b.hash FROM queue_message AS q LEFT JOIN blob AS b ON b.seq = q.blob_seq`))
      if (!stored || Buffer.from(stored).toString('hex') !== hash)
        yield { table: 'queue_message', key: String(queueId), problem: `its blob ${hash} is missing` }
    for (let after = 0; ; ) {
      const page = await reader.all<QueueRecipientTuple>(sql`
        SELECT ${queueRecipientColumns} FROM queue_recipient AS r WHERE r.recipient_id > ${after}
        ORDER BY r.recipient_id LIMIT ${pageRows}`)
      for (const columns of page) {
        after = columns[0]
        if (!decodes(() => queueRecipientRow(columns)))
          yield { table: 'queue_recipient', key: String(after), problem: 'its notify conditions are unreadable' }
      }
      advance(page.length)
      if (page.length < pageRows) return
    }
  },
}

export const aliases: Check = {
  table: 'alias',
  async *run({ reader }) {
    for (const [address, targets] of await reader.all<[string, string]>(sql`SELECT address, targets FROM alias`))
      if (!decodes(() => JSON.parse(targets)))
        yield { table: 'alias', key: address, problem: 'its targets are unreadable' }
  },
}

export const forwards: Check = {
  table: 'account',
  async *run({ reader }) {
    for (const [address, forward] of await reader.all<[string, string]>(sql`
      SELECT address, forward FROM account WHERE forward IS NOT NULL`))
      if (!decodes(() => JSON.parse(forward)))
        yield { table: 'account', key: address, problem: 'its forward is unreadable' }
  },
}

function decodes(decode: () => unknown): boolean {
  try {
    decode()
    return true
  } catch {
    return false
  }
}

/** Each looks at all rows of its table, and advances by them. */
export const rowByRow: readonly Check[] = [messages, emails, texts, queue, blobs]

export const contents: readonly Check[] = [aliases, forwards, ...rowByRow]
