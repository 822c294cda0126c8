/** What became of messages: rows at the end of two tables, and an index in segments that follows them. */
import { domainOf } from '../../../wire/mime/domain-of.ts'
import { accountKey, addressKey, domainKey, packOrigin, packRecipients, unpackRecipients } from '../../rows/trace.ts'
import { list, sql } from '../../sql.ts'
import type { Transaction } from '../../transaction.ts'
import type { NewTrace, TraceEventDetail, TraceEventKind, TraceRecipient, TraceRule } from '../../types/trace.ts'
import { keepRows } from '../../words.ts'
import type { Operation } from '../operation.ts'

export interface NewTraceEvent {
  traceId: number
  at: number
  recipient: string
  kind: TraceEventKind
  detail: TraceEventDetail
}

export const newTraceId = (tx: Transaction): Promise<number> | number => tx.nextId('trace')

export function insertTrace(
  tx: Transaction,
  { traceId, queueIds, ...trace }: NewTrace & { traceId: number; queueIds: readonly number[] },
): void {
  const { at, direction, accountId, sizeBytes, id, reversePath, messageId, subject, origin, added, recipients } = trace
  tx.send(sql`
    INSERT INTO trace (trace_id, at, direction, account_id, queue_ids, size_bytes, id, sender, message_id, subject, origin,
      recipients)
    VALUES (${traceId}, ${at}, ${direction}, ${accountId}, ${queueIds.length > 0 ? JSON.stringify(queueIds) : null}, ${sizeBytes}, ${id}, ${reversePath}, ${messageId},
      ${subject}, ${packOrigin(origin, added)}, ${packRecipients(recipients)})`)
}

export async function insertTraceEvent(tx: Transaction, event: NewTraceEvent): Promise<void> {
  const eventId = await tx.nextId('trace')
  tx.send(sql`
    INSERT INTO trace_event (event_id, trace_id, at, kind, recipient, detail)
    VALUES (${eventId}, ${event.traceId}, ${event.at}, ${event.kind}, ${event.recipient.toLowerCase()},
      ${JSON.stringify(event.detail)})`)
}

/**
 * What the queue handed over to mailboxes of this service: the steps of it, in the trace of the message as it was queued.
 * Who got it may not have been known before: a bounce to an alias.
 */
export async function continueTrace(
  tx: Transaction,
  traceId: number,
  { at, recipients }: Pick<NewTrace, 'at' | 'recipients'>,
): Promise<void> {
  const found = await tx.get<[string]>(sql`SELECT recipients FROM trace WHERE trace_id = ${traceId} ${keepRows}`)
  if (!found) return
  const known = unpackRecipients(found[0])
  const added: TraceRecipient[] = []
  for (const recipient of recipients) {
    const { address, via, accountId, first } = recipient
    if (first.kind === 'stored')
      await insertTraceEvent(tx, {
        traceId,
        at,
        recipient: address,
        kind: 'stored',
        detail: { mailboxes: first.mailboxes, ...ruled(first.rules) },
      })
    if (first.kind === 'discarded')
      await insertTraceEvent(tx, { traceId, at, recipient: address, kind: 'discarded', detail: ruled(first.rules) })
    const same = known.find(other => other.address === address)
    if (same && same.accountId === accountId) continue
    if (same) same.accountId = accountId
    else known.push({ address, via, accountId, first: { kind: 'queued' } })
    added.push(recipient)
  }
  if (added.length === 0) return
  await tx.run(sql`UPDATE trace SET recipients = ${packRecipients(known)} WHERE trace_id = ${traceId}`)
  // The index has either read it as it was, and then has it in a segment by now, or will read it as it is.
  await tx.takeTurn('trace-index')
  const segment = await tx.get<[number]>(sql`
    SELECT segment FROM trace_segment WHERE first_id <= ${traceId} AND last_id >= ${traceId}
    ORDER BY segment DESC LIMIT 1`)
  if (!segment) return
  for (const { address, accountId } of added) {
    const keys = [
      addressKey(address),
      domainKey(domainOf(address)),
      ...(accountId === null ? [] : [accountKey(accountId)]),
    ]
    for (const key of keys) await addKey(tx, segment[0], key, traceId)
  }
}

const ruled = (rules: TraceRule[]): TraceEventDetail => (rules.length > 0 ? { rules } : {})

async function addKey(tx: Transaction, segment: number, key: number, traceId: number): Promise<void> {
  await tx.run(sql`
    INSERT INTO trace_key (segment, hash, trace_id) VALUES (${segment}, ${key}, ${traceId})
    ON CONFLICT (segment, hash, trace_id) DO NOTHING`)
}

export const recordTraces: Operation<'trace.record'> = async (tx, { traces, events }) => {
  for (const trace of traces) insertTrace(tx, { ...trace, traceId: await newTraceId(tx), queueIds: [] })
  const ids = [...new Set(events.map(({ traceId }) => traceId))]
  const there = new Set(
    (await tx.all<[number]>(sql`SELECT trace_id FROM trace WHERE trace_id IN ${list(ids)}`)).map(([id]) => id),
  )
  for (const event of events) if (there.has(event.traceId)) await insertTraceEvent(tx, event)
}

/** The oldest segment, a piece at a time; its own row goes last. Events come behind their trace, so that none is left without; those
 * that came behind the segment go with a later one. */
export const sweepTraces: Operation<'trace.sweep'> = async (tx, { before, at, limit }) => {
  await tx.run(sql`DELETE FROM trace_link WHERE expires_at <= ${at}`)
  const oldest = await tx.get<[number, number]>(sql`
    SELECT segment, last_id FROM trace_segment WHERE last_at < ${before} ORDER BY segment LIMIT 1`)
  if (!oldest) return { more: false }
  const [segment, lastId] = oldest
  const removed = [
    await tx.run(sql`
      DELETE FROM trace_key WHERE segment = ${segment} AND (hash, trace_id) IN (
        SELECT k.hash, k.trace_id FROM trace_key AS k WHERE k.segment = ${segment} LIMIT ${limit})`),
    await tx.run(sql`
      DELETE FROM trace_event WHERE event_id IN (
        SELECT e.event_id FROM trace_event AS e WHERE e.event_id <= ${lastId} ORDER BY e.event_id LIMIT ${limit})`),
    await tx.run(sql`
      DELETE FROM trace WHERE trace_id IN (
        SELECT t.trace_id FROM trace AS t WHERE t.trace_id <= ${lastId} ORDER BY t.trace_id LIMIT ${limit})`),
  ]
  if (removed.every(rows => rows < limit)) await tx.run(sql`DELETE FROM trace_segment WHERE segment = ${segment}`)
  return { more: true }
}

export const addTraceLink: Operation<'trace.link'> = async (tx, link) => {
  const { tokenHash, traceId, recipients, createdBy, createdAt, expiresAt } = link
  await tx.run(sql`
    INSERT INTO trace_link (token_hash, trace_id, recipients, created_by, created_at, expires_at)
    VALUES (${tokenHash}, ${traceId}, ${recipients && JSON.stringify(recipients)}, ${createdBy}, ${createdAt},
      ${expiresAt})`)
}

/** Those that whoever is gone handed out. The traces stay as long as all others: they are their correspondents' too. */
export async function forgetTraceLinks(tx: Transaction, principalId: number): Promise<void> {
  await tx.run(sql`
    DELETE FROM trace_link
    WHERE created_by IN (SELECT p.address FROM principal AS p WHERE p.principal_id = ${principalId})`)
}
