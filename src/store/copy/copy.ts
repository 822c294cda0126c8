/**
 * Moves a whole service from one store to another, row by row and blob by blob. The target notes how far it is in the
 * transaction that writes the rows, so that a copy that was ended goes on. What is proved in the end is read anew from both.
 */
import type { Clock } from '../../ops/clock.ts'
import { hashOf } from '../blobs/encoding.ts'
import { newStoreId, refuseOthers } from '../blobs/mark.ts'
import { type BlobPlace, lockBlobs, markOf, openPlacing, provingReader } from '../blobs/place.ts'
import { readStored } from '../blobs/stored.ts'
import type { Value } from '../sql.ts'
import { StoreError } from '../store.ts'
import { TableSum } from './checksum.ts'
import { type CopySource, type CopyTarget, idRow, type LargeBlob, type Tuple } from './end.ts'
import { type Table, tablesOfSchema } from './tables.ts'

export type CopyStep = 'copy' | 'blobs' | 'verify' | 'verify-blobs'

export type CopyEvent =
  | { event: 'begin' | 'resume'; rows: number; tables: number; blobs: number }
  /** Rows or blobs done so far of all in this step. */
  | { event: 'progress'; step: CopyStep; table: string; done: number; total: number }
  | { event: 'verified'; table: string; rows: number; checksum: string }
  | { event: 'end'; rows: number; tables: number; blobs: number; blobBytes: number }

export interface CopyOptions {
  source: CopySource
  target: CopyTarget
  sourceBlobs: BlobPlace
  targetBlobs: BlobPlace
  clock: Clock
  tell: (event: CopyEvent) => void
}

/** The id that the target will have. */
const idNote = 'id of the store'

/** Rows read together: as many as make some megabytes. */
const mostRows = 1000
const wantedBytes = 4 * 1024 * 1024
const blobsAtOnce = 64
const blobsSideBySide = 8

interface Position {
  after: Tuple | null
  rows: number
}

/** Rejects with StoreError: `not-empty`, `conflict` where the two differ in the end, `damaged` where the source is. */
export async function copyStore(options: CopyOptions): Promise<void> {
  const lock = await lockBlobs(options.targetBlobs)
  try {
    await copyLocked(options)
  } finally {
    lock?.release()
  }
}

async function copyLocked(options: CopyOptions): Promise<void> {
  const { source, target, sourceBlobs, targetBlobs, tell } = options
  const tables = tablesOfSchema()
  const isSamePlace = placeText(sourceBlobs) === placeText(targetBlobs)
  const begun = {
    source: source.location,
    'place of large messages': placeText(targetBlobs),
    schema: JSON.stringify(tables),
  }
  const counts = new Map<string, number>()
  for (const table of tables) counts.set(table.name, await source.count(table))
  const rows = [...counts.values()].reduce((sum, count) => sum + count, 0)
  const blobs = await source.count(largeBlobs)
  const all = { rows, tables: tables.length, blobs }

  let notes = await target.notes()
  const id = notes?.get(idNote) ?? newStoreId()
  const mark = markOf(targetBlobs)
  // A target that is a store already is refused as that.
  const isStore = notes === null && (await target.count(idRow).catch(() => 0)) > 0
  if (!isStore) await refuseOthers(mark, [id, await idOf(source)])
  // Ended before its first transaction.
  if (!notes || notes.size === 0) {
    notes = new Map(Object.entries({ ...begun, [idNote]: id }))
    await target.begin(notes)
    tell({ event: 'begin', ...all })
  } else {
    for (const [name, value] of Object.entries(begun)) {
      if (notes.get(name) === value) continue
      const other = name === 'schema' ? 'of another version of Facteur' : (notes.get(name) ?? 'unknown')
      throw new StoreError(
        'not-empty',
        `a copy into ${target.location} was begun with another ${name} (${other}): remove it and begin anew`,
      )
    }
    tell({ event: 'resume', ...all })
  }

  let before = 0
  const copying: Advance = (table, read) =>
    tell({ event: 'progress', step: 'copy', table, done: before + read, total: rows })
  for (const table of tables) before += await copyTable(table, options, notes, copying)
  const blobBytes = isSamePlace ? 0 : await copyBlobs(options, notes, blobs)
  await target.setCounters(await source.counters())

  before = 0
  const verifying: Advance = (table, read) =>
    tell({ event: 'progress', step: 'verify', table, done: before + read, total: rows })
  for (const table of tables) before += await verifyTable(table, options, verifying)
  await verifyCounters(source, target)
  await verifyBlobs(options, blobs)
  // First: a source whose place is the same is kept from it before anything can come in here that its sweep would remove.
  await mark.write(id)
  await target.finish(id)
  tell({ event: 'end', ...all, blobBytes })
}

type Advance = (table: string, rows: number) => void

/** The number of rows, with those of former runs. */
async function copyTable(
  table: Table,
  { source, target }: CopyOptions,
  notes: ReadonlyMap<string, string>,
  advance: Advance,
): Promise<number> {
  const name = `table ${table.name}`
  const position = positionOf(notes, name)
  for await (const page of pagesOf(source, table, position.after)) {
    position.rows += page.length
    position.after = keyIn(source, table, page.at(-1))
    await target.write(table, page, { name, value: written(position) })
    advance(table.name, position.rows)
  }
  return position.rows
}

/** So many rows at once as make some megabytes, however long they are. */
async function* pagesOf(end: CopySource, table: Table, from: Tuple | null = null): AsyncGenerator<Tuple[]> {
  let limit = 32
  for (let after = from; ; ) {
    const page = await end.read(table, after, limit)
    if (page.length === 0) return
    yield page
    if (page.length < limit) return
    after = keyIn(end, table, page.at(-1))
    const bytes = page.reduce((sum, row) => sum + bytesOf(row), 0)
    limit = Math.max(1, Math.min(mostRows, limit * 2, Math.floor((limit * wantedBytes) / Math.max(bytes, 1))))
  }
}

function bytesOf(row: Tuple): number {
  return row.reduce<number>(
    (sum, value) =>
      sum + (typeof value === 'string' ? value.length : value instanceof Uint8Array ? value.byteLength : 8),
    0,
  )
}

function keyIn(end: CopySource, table: Table, row: Tuple | undefined): Tuple {
  return end.keyOf(table).map(column => row?.[table.columns.indexOf(column)] ?? null)
}

async function copyBlobs(options: CopyOptions, notes: ReadonlyMap<string, string>, total: number): Promise<number> {
  const { source, target, sourceBlobs, targetBlobs, tell } = options
  const read = provingReader(sourceBlobs)
  const place = openPlacing(targetBlobs, options.clock)
  const position = positionOf(notes, 'large blobs')
  let bytes = 0
  for (;;) {
    const page = (await source.read(largeBlobs, position.after, blobsAtOnce)).map(largeBlobOf)
    await sideBySide(page, async blob => {
      const data = await read(blob)
      await proveBlob(blob, data)
      if (data) await place(blob, blob.rawBytes, data)
      bytes += blob.storedBytes
    })
    const last = page.at(-1)
    if (!last) return bytes
    position.rows += page.length
    position.after = [last.seq]
    await target.note('large blobs', written(position))
    tell({ event: 'progress', step: 'blobs', table: 'blob', done: position.rows, total })
  }
}

async function verifyTable(table: Table, { source, target, tell }: CopyOptions, advance: Advance): Promise<number> {
  const there = new TableSum()
  for await (const page of pagesOf(target, table)) for (const row of page) there.add(row)
  const here = new TableSum()
  for await (const page of pagesOf(source, table)) {
    for (const row of page) here.add(row)
    advance(table.name, here.rows)
  }
  if (there.rows !== here.rows || there.checksum !== here.checksum)
    throw differ(
      `${table.name} (${here.rows} rows, checksum ${here.checksum}; copied: ${there.rows}, ${there.checksum})`,
    )
  tell({ event: 'verified', table: table.name, rows: here.rows, checksum: here.checksum })
  return here.rows
}

async function verifyCounters(source: CopySource, target: CopyTarget): Promise<void> {
  const there = await target.counters()
  for (const [name, value] of await source.counters())
    if (there.get(name) !== value) throw differ(`the counter ${name} (${value}; copied: ${there.get(name)})`)
}

/** Every large blob, as it is where it was copied to. */
async function verifyBlobs({ target, targetBlobs, tell }: CopyOptions, total: number): Promise<void> {
  const read = provingReader(targetBlobs)
  let done = 0
  for (let after: Tuple | null = null; ; ) {
    const page: LargeBlob[] = (await target.read(largeBlobs, after, blobsAtOnce)).map(largeBlobOf)
    await sideBySide(page, async blob => proveBlob(blob, await read(blob)))
    const last = page.at(-1)
    if (!last) return
    after = [last.seq]
    tell({ event: 'progress', step: 'verify-blobs', table: 'blob', done: (done += page.length), total })
  }
}

async function proveBlob(blob: LargeBlob, data: Uint8Array | null): Promise<void> {
  const { hash, encoding, rawBytes, object, storedBytes } = blob
  const { bytes } = await readStored(hash, [encoding, rawBytes, object, null], async () => data)
  if (data?.byteLength !== storedBytes || (await hashOf(bytes)) !== hash)
    throw new StoreError('damaged', `the blob ${hash} is damaged: facteur verify tells all there is of this kind`)
}

async function sideBySide<T>(all: readonly T[], action: (one: T) => Promise<void>): Promise<void> {
  for (let at = 0; at < all.length; at += blobsSideBySide)
    await Promise.all(all.slice(at, at + blobsSideBySide).map(action))
}

const largeBlobs: Table = {
  name: 'blob',
  columns: ['seq', 'hash', 'encoding', 'raw_bytes', 'stored_bytes', 'object'],
  key: ['seq'],
  where: 'data IS NULL AND pack IS NULL',
}

function largeBlobOf(row: Tuple): LargeBlob {
  // As the columns of `largeBlobs` stand.
  const [seq, hash, encoding, rawBytes, storedBytes, object] = row as [
    number,
    Uint8Array,
    LargeBlob['encoding'],
    number,
    number,
    string | null,
  ]
  return { seq, hash: Buffer.from(hash).toString('hex'), encoding, rawBytes, storedBytes, object }
}

/** Null where it was never started since stores have one. */
async function idOf(source: CopySource): Promise<string | null> {
  const [row] = await source.read(idRow, null, 1)
  return row ? String(row[1]) : null
}

function differ(what: string): StoreError {
  return new StoreError(
    'conflict',
    `the two differ in ${what}: the source was used since the copy was begun; remove the target and begin anew`,
  )
}

/** Which bytes are one and the same, whoever keeps copies of them. */
function placeText(place: BlobPlace): string {
  return typeof place === 'string' ? place : `${place.baseUrl}${place.prefix}`
}

function positionOf(notes: ReadonlyMap<string, string>, name: string): Position {
  const value = notes.get(name)
  if (value === undefined) return { after: null, rows: 0 }
  const { after, rows } = JSON.parse(value) as { after: (Value | { hex: string })[] | null; rows: number }
  return { after: after?.map(one => (isHex(one) ? Uint8Array.fromHex(one.hex) : one)) ?? null, rows }
}

function written({ after, rows }: Position): string {
  const text = after?.map(one => (one instanceof Uint8Array ? { hex: one.toHex() } : one)) ?? null
  return JSON.stringify({ after: text, rows })
}

function isHex(value: Value | { hex: string }): value is { hex: string } {
  return typeof value === 'object' && value !== null && 'hex' in value
}
