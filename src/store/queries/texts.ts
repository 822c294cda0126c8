/** What is kept of messages to be searched. */
import { accountOf, emailIdOf, firstEmailId, lastEmailId } from '../operations/email-id.ts'
import { type TextSegmentTuple, textSegmentColumns, textSegmentRow } from '../rows/texts.ts'
import { Fragment, list, type Statement, sql } from '../sql.ts'
import { StoreError } from '../store.ts'
import { findInSegment } from '../texts/find.ts'
import { FIELDS_AT_ONCE_BYTES, SEGMENT_BYTES, SEGMENT_EMAILS, SEGMENTS_AT_ONCE } from '../texts/limits.ts'
import { Directory, decompress, fieldsOf, type PackedText, packSegment, unpackSegment } from '../texts/segment.ts'
import type { Awaitable, Reader } from '../transaction.ts'
import {
  type NewText,
  TEXT_FORM,
  type TextChange,
  type TextSearch,
  type TextSegment,
  type TextSource,
  TextVerdict,
} from '../types/texts.ts'
import type { AccountId, EmailId, Uid } from '../types.ts'
import type { Query } from './query.ts'

export const textNumbers: Query<'text.numbers'> = async (reader, { accountId, mailboxId, from, to, limit }) => {
  const rows = await reader.all<[Uid, EmailId]>(sql`
    SELECT uid, email_id FROM message
    WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId} AND uid BETWEEN ${from} AND ${to}
    ORDER BY uid LIMIT ${limit}`)
  const first = firstEmailId(accountId)
  const uids = new Uint32Array(rows.length)
  const numbers = new Uint32Array(rows.length)
  for (let at = 0; at < rows.length; at++) {
    uids[at] = rows[at]![0]
    numbers[at] = rows[at]![1] - first
  }
  return { uids, numbers }
}

export const findTexts: Query<'text.find'> = async (reader, { accountId, numbers, search }) => {
  const verdicts = new Uint8Array(numbers.length).fill(TextVerdict.NotKept)
  const first = firstEmailId(accountId)
  const last = numbers.at(-1) ?? 0
  const withFields = looksAtFields(search)
  for (let at = 0; at < numbers.length; ) {
    const segments = await segmentsFrom(reader, accountId, { from: numbers[at]!, to: last, withFields })
    for (const [key, lastEmail, column, fields] of segments) {
      // Emails between two segments are in none.
      while (at < numbers.length && numbers[at]! < key - first) at++
      let end = at
      while (end < numbers.length && numbers[end]! <= lastEmail - first) end++
      if (end > at)
        try {
          const row = { segment: key, directory: new Directory(column), fields }
          verdicts.set(await findInRow(reader, row, numbers.subarray(at, end), search), at)
        } catch (error) {
          // The messages themselves are still there; `verify` tells of the damage.
          if (!(error instanceof StoreError && error.code === 'damaged')) throw error
        }
      at = end
    }
    if (segments.length < SEGMENTS_AT_ONCE) break
  }
  return verdicts
}

function looksAtFields(search: TextSearch): boolean {
  if ('all' in search) return search.all.some(looksAtFields)
  if ('any' in search) return search.any.some(looksAtFields)
  if ('not' in search) return looksAtFields(search.not)
  return search.in !== 'header' && search.in !== 'body' && search.in !== 'message'
}

type SegmentStart = [segment: EmailId, lastEmail: EmailId, directory: Uint8Array, fields: Uint8Array | null]

/**
 * The segment that the email numbered `from` is in, or one before it, and those that follow; with the fields, where they are
 * wanted and not large.
 */
function segmentsFrom(
  reader: Reader,
  accountId: AccountId,
  { from, to, withFields }: { from: number; to: number; withFields: boolean },
): Awaitable<SegmentStart[]> {
  const first = firstEmailId(accountId)
  return reader.all<SegmentStart>(sql`
    SELECT segment, last_email, directory,
      CASE WHEN ${withFields ? FIELDS_AT_ONCE_BYTES : -1} >= LENGTH(fields) THEN fields END
    FROM text_segment
    WHERE segment <= ${emailIdOf(accountId, to)} AND segment >= COALESCE((
      SELECT MAX(segment) FROM text_segment WHERE segment BETWEEN ${first} AND ${emailIdOf(accountId, from)}), ${first})
    ORDER BY segment LIMIT ${SEGMENTS_AT_ONCE}`)
}

async function findInRow(
  reader: Reader,
  { segment, directory, fields }: { segment: EmailId; directory: Directory; fields: Uint8Array | null },
  numbers: Uint32Array,
  search: TextSearch,
): Promise<Uint8Array> {
  const wanted = new Uint8Array(directory.count)
  const places = new Int32Array(numbers.length).fill(-1)
  for (let index = 0, at = 0; index < directory.count && at < numbers.length; index++) {
    const number = directory.number(index)
    while (at < numbers.length && numbers[at]! < number) at++
    for (; numbers[at] === number; at++) {
      wanted[index] = 1
      places[at] = index
    }
  }
  const texts = {
    fields: async () => {
      const column = fields ?? (await reader.get<[Uint8Array]>(fieldsAlone(segment)))?.[0]
      return fieldsOf(column ?? new Uint8Array(), directory)
    },
    headerWords: unpacked(
      () => reader.get(sql`SELECT header_words FROM text_segment WHERE segment = ${segment}`),
      directory.lengthOf('headerWords'),
    ),
    headers: unpacked(
      () => reader.get(sql`SELECT headers FROM text_segment WHERE segment = ${segment}`),
      directory.lengthOf('headers'),
    ),
    bodyWords: unpacked(
      () => reader.get(sql`SELECT body_words FROM text_segment WHERE segment = ${segment}`),
      directory.lengthOf('bodyWords'),
    ),
    bodies: unpacked(
      () => reader.get(sql`SELECT bodies FROM text_segment WHERE segment = ${segment}`),
      directory.lengthOf('bodies'),
    ),
  }
  const found = await findInSegment(directory, texts, search, wanted)
  return Uint8Array.from(places, place => (place < 0 ? TextVerdict.NotKept : found[place]!))
}

const fieldsAlone = (segment: EmailId): Statement => sql`SELECT fields FROM text_segment WHERE segment = ${segment}`

/** Reads and unpacks a column when it is first asked for. */
function unpacked(read: () => Awaitable<[Uint8Array] | undefined>, length: number): () => Promise<Buffer> {
  let bytes: Buffer | null = null
  return async () => {
    if (bytes) return bytes
    const row = await read()
    bytes = decompress(row?.[0] ?? new Uint8Array(), length)
    return bytes
  }
}

/** Of `email`. */
const sourceColumns = new Fragment(
  'email_id, blob_hash, size_bytes, subject, address_from, address_to, address_cc, address_bcc',
)
type SourceTuple = [
  emailId: EmailId,
  blobHash: string,
  sizeBytes: number,
  subject: string,
  from: string,
  to: string,
  cc: string,
  bcc: string,
]

const sourceRow = ([emailId, blobHash, sizeBytes, subject, from, to, cc, bcc]: SourceTuple): TextSource => ({
  emailId,
  number: emailId - firstEmailId(accountOf(emailId)),
  blobHash,
  sizeBytes,
  fields: { subject, from, to, cc, bcc },
})

export const textSources: Query<'text.sources'> = async (reader, { accountId, numbers }) => {
  const ids = numbers.map(number => emailIdOf(accountId, number))
  const rows = await reader.all<SourceTuple>(sql`
    SELECT ${sourceColumns} FROM email WHERE account_id = ${accountId} AND email_id IN ${list(ids)} ORDER BY email_id`)
  return rows.map(sourceRow)
}

export const waitingTexts: Query<'text.waiting'> = async (reader, { after, limit }) => {
  const rows = await reader.all<[AccountId, number, EmailId | null]>(sql`
    SELECT a.account_id, a.next_email, (
      SELECT t.last_email FROM text_segment AS t
      WHERE t.segment BETWEEN a.account_id * 4294967296 AND a.account_id * 4294967296 + 4294967295
      ORDER BY t.segment DESC LIMIT 1)
    FROM account AS a WHERE a.account_id > ${after} ORDER BY a.account_id LIMIT ${limit}`)
  return rows.map(([accountId, nextEmail, last]) => ({
    accountId,
    emails: nextEmail - 1 - (last === null ? 0 : last - firstEmailId(accountId)),
  }))
}

export const nextTexts: Query<'text.next'> = async (reader, { accountId, limit }) => {
  const last = await lastSegment(reader, accountId)
  const rows = await reader.all<SourceTuple>(sql`
    SELECT ${sourceColumns} FROM email
    WHERE account_id = ${accountId} AND email_id > ${last?.[1] ?? firstEmailId(accountId)}
      AND email_id <= ${lastEmailId(accountId)}
    ORDER BY email_id LIMIT ${limit}`)
  return rows.map(sourceRow)
}

export const packedTexts: Query<'text.packed'> = async (reader, { accountId, texts }) => {
  const first = firstEmailId(accountId)
  const [begin, end] = [texts[0]?.emailId ?? 0, texts.at(-1)?.emailId ?? 0]
  const packed = texts.map(text => packedText(text, first))
  const last = await lastSegment(reader, accountId)
  const before = last && last[2] + texts.length <= SEGMENT_EMAILS ? await wholeSegment(reader, last[0]) : null
  const held = before && unpackedWhole(before)
  const joined = held && [...held, ...packed]
  if (before && joined && hasRoom(joined))
    return {
      accountId,
      replaced: [{ segment: before.segment, checksum: before.checksum }],
      segment: packSegment(before.segment, end, joined),
    }
  return { accountId, replaced: [], segment: packSegment(begin, end, packed) }
}

const packedText = ({ emailId, fields, parts }: NewText, first: EmailId): PackedText => ({
  number: emailId - first,
  form: TEXT_FORM,
  fields,
  parts,
})

/** Null where it is damaged: others are kept and renewed all the same. `verify` tells of the damage. */
function unpackedWhole(segment: TextSegment): PackedText[] | null {
  try {
    return unpackSegment(segment)
  } catch (error) {
    if (error instanceof StoreError && error.code === 'damaged') return null
    throw error
  }
}

export const outdatedTexts: Query<'text.outdated'> = async (reader, { limit }) => {
  const rows = await reader.all<[EmailId]>(sql`SELECT segment FROM text_outdated ORDER BY segment LIMIT ${limit}`)
  return rows.map(([segment]) => segment)
}

export const earlierTexts: Query<'text.earlier'> = async (reader, { after, limit }) => {
  const rows = await reader.all<[EmailId, Uint8Array]>(sql`
    SELECT segment, directory FROM text_segment WHERE segment > ${after} ORDER BY segment LIMIT ${limit}`)
  const segments = rows.filter(([, directory]) => earlierNumbers(directory).length > 0).map(([segment]) => segment)
  return { segments, last: rows.length < limit ? null : rows.at(-1)![0] }
}

export const earlierSources: Query<'text.earlierSources'> = async (reader, { segment }) => {
  const row = await reader.get<[Uint8Array]>(sql`SELECT directory FROM text_segment WHERE segment = ${segment}`)
  const numbers = row ? earlierNumbers(row[0]) : []
  return numbers.length === 0 ? [] : textSources(reader, { accountId: accountOf(segment), numbers })
}

/** Of emails whose texts are of an earlier form; none where the directory is damaged, of which `verify` tells. */
function earlierNumbers(column: Uint8Array): number[] {
  let directory: Directory
  try {
    directory = new Directory(column)
  } catch (error) {
    if (error instanceof StoreError && error.code === 'damaged') return []
    throw error
  }
  const numbers: number[] = []
  for (let index = 0; index < directory.count; index++)
    if (directory.form(index) < TEXT_FORM) numbers.push(directory.number(index))
  return numbers
}

export const renewedTexts: Query<'text.renewed'> = async (reader, { segment, texts: made }) => {
  const old = await wholeSegment(reader, segment)
  if (!old) return null
  const accountId = accountOf(segment)
  const replaced = [old]
  // Of one that is damaged nothing is left: its emails are read by the searches themselves.
  const held = unpackedWhole(old)
  const first = firstEmailId(accountId)
  const anew = new Map(made.map(text => [text.emailId - first, packedText(text, first)]))
  let texts = held
    ? await ofThoseLeft(
        reader,
        accountId,
        held.map(text => anew.get(text.number) ?? text),
      )
    : []
  for (const neighbour of held ? await neighbours(reader, accountId, old) : []) {
    const whole = unpackedWhole(neighbour)
    // Those of another form have their own turn: behind this one, nobody would look for them here.
    if (!whole || whole.some(({ form }) => form !== TEXT_FORM)) continue
    const theirs = await ofThoseLeft(reader, accountId, whole)
    const joined = neighbour.segment < segment ? [...theirs, ...texts] : [...texts, ...theirs]
    if (!hasRoom(joined)) continue
    texts = joined
    replaced.push(neighbour)
  }
  const change: TextChange = {
    accountId,
    replaced: replaced.map(({ segment, checksum }) => ({ segment, checksum })),
    segment: null,
  }
  if (texts.length > 0)
    change.segment = packSegment(
      Math.min(...replaced.map(({ segment }) => segment)),
      Math.max(...replaced.map(({ lastEmail }) => lastEmail)),
      texts,
    )
  return change
}

function hasRoom(texts: readonly PackedText[]): boolean {
  const bytes = texts.reduce((sum, { parts }) => sum + (parts?.body.length ?? 0), 0)
  return texts.length <= SEGMENT_EMAILS && bytes <= SEGMENT_BYTES
}

async function ofThoseLeft(reader: Reader, accountId: AccountId, texts: PackedText[]): Promise<PackedText[]> {
  const first = firstEmailId(accountId)
  const rows = await reader.all<[EmailId]>(sql`
    SELECT email_id FROM email
    WHERE account_id = ${accountId} AND email_id IN ${list(texts.map(({ number }) => first + number))}`)
  const left = new Set(rows.map(([emailId]) => emailId - first))
  return texts.filter(({ number }) => left.has(number))
}

/** Those beside it that may have room for what is left of it. */
async function neighbours(reader: Reader, accountId: AccountId, { segment }: TextSegment): Promise<TextSegment[]> {
  const before = await reader.get<[EmailId, number]>(sql`
    SELECT segment, emails FROM text_segment
    WHERE segment BETWEEN ${firstEmailId(accountId)} AND ${segment - 1} ORDER BY segment DESC LIMIT 1`)
  const behind = await reader.get<[EmailId, number]>(sql`
    SELECT segment, emails FROM text_segment
    WHERE segment BETWEEN ${segment + 1} AND ${lastEmailId(accountId)} ORDER BY segment LIMIT 1`)
  const found: TextSegment[] = []
  for (const neighbour of [before, behind]) {
    const whole = neighbour && neighbour[1] < SEGMENT_EMAILS ? await wholeSegment(reader, neighbour[0]) : null
    if (whole) found.push(whole)
  }
  return found
}

async function lastSegment(
  reader: Reader,
  accountId: AccountId,
): Promise<[segment: EmailId, lastEmail: EmailId, emails: number] | undefined> {
  return reader.get<[EmailId, EmailId, number]>(sql`
    SELECT segment, last_email, emails FROM text_segment
    WHERE segment BETWEEN ${firstEmailId(accountId)} AND ${lastEmailId(accountId)} ORDER BY segment DESC LIMIT 1`)
}

async function wholeSegment(reader: Reader, segment: EmailId): Promise<TextSegment | null> {
  const found = await reader.get<TextSegmentTuple>(sql`
    SELECT ${textSegmentColumns} FROM text_segment WHERE segment = ${segment}`)
  return found ? textSegmentRow(found) : null
}
