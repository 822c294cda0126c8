/** What became of messages: the traces that have no segment of the index yet are looked through, then each segment is asked. */
import {
  type EventTuple,
  eventColumns,
  eventRow,
  idKey,
  type TraceTuple,
  traceColumns,
  traceRow,
} from '../../rows/trace.ts'
import { list, sql } from '../../sql.ts'
import type { Reader } from '../../transaction.ts'
import type { LinkedRecipient, TraceRow, TraceSearch } from '../../types/trace.ts'
import type { Query } from '../query.ts'
import { isFound, keysOfSearch, withinScope } from './trace-scope.ts'
import { hasStatus, queuedTraces, statusesOf } from './trace-status.ts'

interface Segment {
  segment: number
  firstId: number
  lastId: number
}

/** Rows read together: a search may be over with the first. */
const PAGE_ROWS = 250
const FEW_ROWS = 32
/** The bounds of a search that has none. */
const ENDLESS = Number.MAX_SAFE_INTEGER

/** What a search has found and has left to spend. */
class Finder {
  readonly rows: TraceRow[] = []
  readonly #search: TraceSearch
  #left: number
  /** The last one looked at, above all that is left. */
  #reached: number

  constructor(search: TraceSearch) {
    this.#search = search
    this.#left = search.budget
    this.#reached = search.below ?? ENDLESS
  }

  get over(): boolean {
    return this.#left <= 0 || this.rows.length >= this.#search.limit
  }

  get reached(): number {
    return this.#reached
  }

  get page(): number {
    return Math.min(PAGE_ROWS, this.#left)
  }

  async look(reader: Reader, tuples: readonly TraceTuple[]): Promise<void> {
    const { status } = this.#search
    if (status === null) return this.#take(tuples, tuple => this.#found(tuple))
    const rows = new Map(tuples.map(tuple => [tuple[0], this.#found(tuple)]))
    const statuses = await statusesOf(
      reader,
      [...rows.values()].filter(row => row !== null),
    )
    this.#take(tuples, ([id]) => {
      const row = rows.get(id) ?? null
      return row && hasStatus(row, status, statuses) ? row : null
    })
  }

  #take(tuples: readonly TraceTuple[], found: (tuple: TraceTuple) => TraceRow | null): void {
    for (const tuple of tuples) {
      if (this.over) return
      this.#left--
      this.#reached = tuple[0]
      const row = found(tuple)
      if (row) this.rows.push(row)
    }
  }

  #found(tuple: TraceTuple): TraceRow | null {
    const row = withinScope(traceRow(tuple), this.#search.scope)
    return row && isFound(row, this.#search) ? row : null
  }

  /** A segment that has nothing costs something too. */
  pass({ firstId }: Segment): void {
    this.#left--
    this.#reached = Math.min(this.#reached, firstId)
  }
}

export const searchTraces: Query<'trace.search'> = async (reader, search) => {
  const finder = new Finder(search)
  const { from, before, below, status } = search
  if (status === 'waiting' || status === 'held') {
    const ids = await queuedTraces(reader, status, { below: finder.reached, limit: search.budget })
    await lookAt(reader, finder, ids)
    return { rows: finder.rows, next: finder.over ? finder.reached : null }
  }
  const last = await reader.get<[number]>(sql`SELECT last_id FROM trace_segment ORDER BY segment DESC LIMIT 1`)
  await lookThrough(reader, finder, search, { firstId: (last?.[0] ?? 0) + 1, lastId: ENDLESS - 1 })
  if (finder.over) return { rows: finder.rows, next: finder.reached }
  const segments = await reader.all<[number, number, number]>(sql`
    SELECT segment, first_id, last_id FROM trace_segment
    WHERE last_at >= ${from ?? -ENDLESS} AND first_at < ${before ?? ENDLESS} AND first_id < ${below ?? ENDLESS}
    ORDER BY segment DESC`)
  const sets = keysOfSearch(search)
  for (const [segment, firstId, lastId] of segments) {
    if (sets.length === 0) await lookThrough(reader, finder, search, { firstId, lastId })
    else await lookUp(reader, finder, sets, { segment, firstId, lastId })
    if (finder.over) return { rows: finder.rows, next: finder.reached }
    finder.pass({ segment, firstId, lastId })
  }
  return { rows: finder.rows, next: null }
}

/** All of a stretch that were not reached yet; not what lies above it, which may be millions of rows of another time. */
async function lookThrough(
  reader: Reader,
  finder: Finder,
  { from, before }: TraceSearch,
  { firstId, lastId }: Pick<Segment, 'firstId' | 'lastId'>,
): Promise<void> {
  while (!finder.over) {
    const limit = finder.page
    const tuples = await reader.all<TraceTuple>(sql`
      SELECT ${traceColumns} FROM trace AS t
      WHERE t.trace_id < ${Math.min(finder.reached, lastId + 1)} AND t.trace_id >= ${firstId}
        AND t.at >= ${from ?? -ENDLESS} AND t.at < ${before ?? ENDLESS}
      ORDER BY t.trace_id DESC LIMIT ${limit}`)
    await finder.look(reader, tuples)
    if (tuples.length < limit) return
  }
}

/** Those of a segment that have a key of each set. */
async function lookUp(
  reader: Reader,
  finder: Finder,
  [first = [], ...others]: readonly number[][],
  { segment }: Segment,
): Promise<void> {
  let ids = await idsWith(reader, segment, first, finder.reached)
  for (const keys of others) {
    if (ids.length === 0) return
    // A manager's many domains: few rows are sooner looked at than so many keys.
    if (keys.length > 1 && ids.length <= FEW_ROWS) continue
    const those = new Set(await idsWith(reader, segment, keys, finder.reached))
    ids = ids.filter(id => those.has(id))
  }
  await lookAt(reader, finder, ids)
}

/** Latest first. */
async function lookAt(reader: Reader, finder: Finder, ids: readonly number[]): Promise<void> {
  for (let at = 0; at < ids.length && !finder.over; at += PAGE_ROWS)
    await finder.look(
      reader,
      await reader.all<TraceTuple>(sql`
        SELECT ${traceColumns} FROM trace AS t WHERE t.trace_id IN ${list(ids.slice(at, at + PAGE_ROWS))}
        ORDER BY t.trace_id DESC`),
    )
}

/** Latest first. */
async function idsWith(reader: Reader, segment: number, keys: readonly number[], below: number): Promise<number[]> {
  const [key] = keys
  const rows =
    keys.length === 1 && key !== undefined
      ? await reader.all<[number]>(sql`
          SELECT trace_id FROM trace_key WHERE segment = ${segment} AND hash = ${key} AND trace_id < ${below}
          ORDER BY trace_id DESC`)
      : await reader.all<[number]>(sql`
          SELECT DISTINCT trace_id FROM trace_key WHERE segment = ${segment} AND hash IN ${list(keys)}
            AND trace_id < ${below}
          ORDER BY trace_id DESC`)
  return rows.map(([id]) => id)
}

export const traceById: Query<'trace.byId'> = async (reader, { traceId, scope }) => {
  const tuple = await reader.get<TraceTuple>(sql`SELECT ${traceColumns} FROM trace AS t WHERE t.trace_id = ${traceId}`)
  return tuple ? withinScope(traceRow(tuple), scope) : null
}

export const traceEvents: Query<'trace.events'> = async (reader, { traceIds, recipients, limit }) => {
  const found = await Promise.all(
    traceIds.map(traceId =>
      recipients === null
        ? reader.all<EventTuple>(sql`
            SELECT ${eventColumns} FROM trace_event AS e WHERE e.trace_id = ${traceId}
            ORDER BY e.event_id DESC LIMIT ${limit}`)
        : reader.all<EventTuple>(sql`
            SELECT ${eventColumns} FROM trace_event AS e
            WHERE e.trace_id = ${traceId} AND e.recipient IN ${list(recipients)}
            ORDER BY e.event_id DESC LIMIT ${limit}`),
    ),
  )
  return found.flatMap(tuples => tuples.toReversed().map(eventRow))
}

export const tailTraces: Query<'trace.tail'> = async (reader, { after, limit }) => {
  const end = await reader.settledId('trace')
  if (after === null) return { traces: [], events: [], last: end }
  const traces = await reader.all<TraceTuple>(sql`
    SELECT ${traceColumns} FROM trace AS t WHERE t.trace_id > ${after} ORDER BY t.trace_id LIMIT ${limit}`)
  const events = await reader.all<EventTuple>(sql`
    SELECT ${eventColumns} FROM trace_event AS e WHERE e.event_id > ${after} ORDER BY e.event_id LIMIT ${limit}`)
  const last = Math.min([...traces, ...events].map(([id]) => id).sort((a, b) => a - b)[limit - 1] ?? end, end)
  const told = events.filter(([id]) => id <= last).map(eventRow)
  const ids = [...new Set(told.map(({ traceId }) => traceId))]
  const of = new Map(
    (await reader.all<TraceTuple>(sql`SELECT ${traceColumns} FROM trace AS t WHERE t.trace_id IN ${list(ids)}`)).map(
      tuple => [tuple[0], traceRow(tuple)],
    ),
  )
  return {
    traces: traces.filter(([id]) => id <= last).map(traceRow),
    events: told.flatMap(event => {
      const trace = of.get(event.traceId)
      return trace ? { ...event, trace } : []
    }),
    last,
  }
}

export const traceOfMessage: Query<'trace.ofMessage'> = async (reader, { id, accountId, from, before }) => {
  const search: TraceSearch = {
    scope: { accountId },
    sender: null,
    recipient: null,
    address: null,
    way: null,
    status: null,
    id: { text: id, match: 'prefix' },
    from,
    before,
    below: null,
    limit: 1,
    budget: 0,
  }
  const isIt = (tuple: TraceTuple): TraceRow | null => {
    const row = withinScope(traceRow(tuple), search.scope)
    return row && row.id === id ? row : null
  }
  const last = await reader.get<[number]>(sql`SELECT last_id FROM trace_segment ORDER BY segment DESC LIMIT 1`)
  const fresh = await reader.get<TraceTuple>(sql`
    SELECT ${traceColumns} FROM trace AS t WHERE t.trace_id > ${last?.[0] ?? 0} AND t.id = ${id} LIMIT 1`)
  if (fresh) return isIt(fresh)
  const segments = await reader.all<[number]>(sql`
    SELECT segment FROM trace_segment WHERE last_at >= ${from} AND first_at < ${before} ORDER BY segment DESC`)
  for (const [segment] of segments)
    for (const traceId of await idsWith(reader, segment, [idKey(id)], ENDLESS)) {
      const tuple = await reader.get<TraceTuple>(
        sql`SELECT ${traceColumns} FROM trace AS t WHERE t.trace_id = ${traceId}`,
      )
      const row = tuple && isIt(tuple)
      if (row) return row
    }
  return null
}

/** As many as there are, up to `limit`. */
export const countUnindexed: Query<'trace.unindexed'> = async (reader, { limit }) => {
  const last = await reader.get<[number]>(sql`SELECT last_id FROM trace_segment ORDER BY segment DESC LIMIT 1`)
  const found = await reader.get<[number]>(sql`
    SELECT COUNT(*) FROM (SELECT trace_id FROM trace WHERE trace_id > ${last?.[0] ?? 0} LIMIT ${limit}) AS t`)
  return found?.[0] ?? 0
}

export const traceByLink: Query<'trace.byLink'> = async (reader, { tokenHash, at }) => {
  const found = await reader.get<[number, string | null, string, number, number]>(sql`
    SELECT trace_id, recipients, created_by, created_at, expires_at FROM trace_link
    WHERE token_hash = ${tokenHash} AND expires_at > ${at}`)
  if (!found) return null
  const [traceId, recipients, createdBy, createdAt, expiresAt] = found
  // Of links made before their sight was kept, addresses alone.
  const linkedOf = (each: string | LinkedRecipient): LinkedRecipient =>
    typeof each === 'string' ? { address: each, sight: 'arrival' } : each
  const linked = recipients === null ? null : JSON.parse(recipients).map(linkedOf)
  return { traceId, recipients: linked, createdBy, createdAt, expiresAt }
}

export const traceIdOfQueued: Query<'trace.idOfQueued'> = async (reader, { queueId }) => {
  const found = await reader.get<[string]>(sql`
    SELECT t.id FROM queue_message AS q JOIN trace AS t ON t.trace_id = q.trace_id WHERE q.queue_id = ${queueId}`)
  return found?.[0] || null
}

export const domainsSince: Query<'trace.domainsSince'> = async (reader, { domains }) =>
  new Map(
    await reader.all<[string, number]>(sql`
      SELECT name, created_at FROM domain WHERE name IN ${list([...domains])}`),
  )

export const appPasswordLabel: Query<'trace.appPasswordLabel'> = async (reader, { appPasswordId }) => {
  const found = await reader.get<[string]>(sql`
    SELECT label FROM app_password WHERE app_password_id = ${appPasswordId}`)
  return found?.[0] ?? null
}
