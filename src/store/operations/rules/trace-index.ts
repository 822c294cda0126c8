/** The index of the trace: small steps, each a transaction, that follow what was written. */
import { keysOf, type TraceTuple, traceColumns, traceRow } from '../../rows/trace.ts'
import { row, rows, sql } from '../../sql.ts'
import type { Transaction } from '../../transaction.ts'
import type { TraceRow } from '../../types/trace.ts'
import type { Operation } from '../operation.ts'

/** [segment, hash, trace_id] */
type KeyTuple = [number, number, number]

interface Segment {
  segment: number
  firstId: number
  /** All up to it are in the index. */
  lastId: number
  firstAt: number
}

/** Traces read together: some have a thousand recipients, and may fill a step by themselves. */
const READ_AT_ONCE = 16
/** Rows of one INSERT: those beyond cost about the same each. */
const KEYS_AT_ONCE = 32

/**
 * The last segment grows with each step until it is full. Its hashes and its `last_id`, which says how far the index goes,
 * change together: what is behind it is looked through by searches, so a step that never comes leaves nothing half done.
 */
export const indexTraces: Operation<'trace.index'> = async (tx, { size, keys: enough, before, ...bounds }) => {
  const settled = await tx.settledId('trace')
  const last = await lastSegment(tx)
  const waiting = await tx.all<[number, number]>(sql`
    SELECT trace_id, at FROM trace WHERE trace_id > ${last?.lastId ?? 0} AND trace_id <= ${settled}
    ORDER BY trace_id LIMIT ${size}`)
  const [first] = waiting
  if (!first || (waiting.length < size && first[1] >= before)) return { indexed: 0 }
  const fits = ({ firstId, firstAt }: Segment, id: number, at: number): boolean =>
    id < firstId + bounds.segmentIds && at < firstAt + bounds.segmentMs
  const isContinued = last !== null && fits(last, ...first) && (await isWhole(tx, last))
  const segment = isContinued
    ? last
    : { segment: (last?.segment ?? 0) + 1, firstId: first[0], lastId: last?.lastId ?? 0, firstAt: first[1] }
  const past = waiting.findIndex(([id, at]) => !fits(segment, id, at))
  // One at least, whatever the bounds.
  const taken = past === -1 ? waiting : waiting.slice(0, Math.max(1, past))
  const traces: TraceRow[] = []
  const keys: KeyTuple[] = []
  for (let at = 0; at < taken.length && keys.length < enough; at += READ_AT_ONCE)
    for (const trace of await tracesAt(tx, taken.slice(at, at + READ_AT_ONCE))) {
      if (keys.length >= enough) break
      traces.push(trace)
      for (const hash of keysOf(trace)) keys.push([segment.segment, hash, trace.traceId])
    }
  await insertKeys(tx, keys)
  const times = traces.map(({ at }) => at)
  await tx.run(sql`
    INSERT INTO trace_segment (segment, first_id, last_id, first_at, last_at)
    VALUES (${segment.segment}, ${segment.firstId}, ${traces.at(-1)?.traceId ?? segment.lastId}, ${Math.min(...times)},
      ${Math.max(...times)})
    ON CONFLICT (segment) DO UPDATE SET last_id = excluded.last_id,
      first_at = CASE WHEN excluded.first_at < trace_segment.first_at THEN excluded.first_at ELSE trace_segment.first_at END,
      last_at = CASE WHEN excluded.last_at > trace_segment.last_at THEN excluded.last_at ELSE trace_segment.last_at END`)
  return { indexed: traces.length }
}

async function lastSegment(tx: Transaction): Promise<Segment | null> {
  const found = await tx.get<[number, number, number, number]>(sql`
    SELECT segment, first_id, last_id, first_at FROM trace_segment ORDER BY segment DESC LIMIT 1`)
  if (!found) return null
  const [segment, firstId, lastId, firstAt] = found
  return { segment, firstId, lastId, firstAt }
}

/** False once it is being forgotten, which begins with its first trace: what is added then would be half forgotten. */
async function isWhole(tx: Transaction, { firstId }: Segment): Promise<boolean> {
  return (await tx.get<[number]>(sql`SELECT 1 FROM trace WHERE trace_id = ${firstId}`)) !== undefined
}

/** Of ids that follow each other among the traces. */
async function tracesAt(tx: Transaction, ids: readonly [number, number][]): Promise<TraceRow[]> {
  const [first = [0]] = ids
  const tuples = await tx.all<TraceTuple>(sql`
    SELECT ${traceColumns} FROM trace AS t WHERE t.trace_id >= ${first[0]} ORDER BY t.trace_id LIMIT ${ids.length}`)
  return tuples.map(traceRow)
}

/** In order, so that rows of one page are written one after the other. */
async function insertKeys(tx: Transaction, keys: KeyTuple[]): Promise<void> {
  keys.sort(([, a, x], [, b, y]) => a - b || x - y)
  const alike = keys.length - (keys.length % KEYS_AT_ONCE)
  for (let at = 0; at < alike; at += KEYS_AT_ONCE)
    await tx.run(sql`
      INSERT INTO trace_key (segment, hash, trace_id) VALUES ${rows(keys.slice(at, at + KEYS_AT_ONCE))}`)
  for (const key of keys.slice(alike))
    await tx.run(sql`INSERT INTO trace_key (segment, hash, trace_id) VALUES (${row(key)})`)
}
