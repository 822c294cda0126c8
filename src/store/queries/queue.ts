import {
  type QueueMessageTuple,
  type QueueRecipientTuple,
  queueMessageColumns,
  queueMessageRow,
  queueRecipientColumns,
  queueRecipientRow,
} from '../rows/queue.ts'
import { list, sql } from '../sql.ts'
import type { Reader } from '../transaction.ts'
import type { QueueMessageRow, QueueRecipientRow, RecipientStatus } from '../types.ts'
import type { Query } from './query.ts'

export const listQueue: Query<'queue.list'> = async (reader, { after, limit, statuses }) => {
  const messages =
    statuses === null
      ? await reader.all<QueueMessageTuple>(sql`
          SELECT ${queueMessageColumns} FROM queue_message AS q WHERE q.queue_id > ${after ?? 0}
          ORDER BY q.queue_id LIMIT ${limit}`)
      : await reader.all<QueueMessageTuple>(sql`
          SELECT ${queueMessageColumns} FROM queue_message AS q
          WHERE q.queue_id IN ${list(await idsOf(reader, { after, limit, statuses }))} ORDER BY q.queue_id`)
  return withRecipients(reader, messages.map(queueMessageRow))
}

/** Each status by itself, so that the index gives its rows in order: asked for together they would all be sorted. */
async function idsOf(
  reader: Reader,
  { after, limit, statuses }: { after: number | null; limit: number; statuses: readonly RecipientStatus[] },
): Promise<number[]> {
  const ids = new Set<number>()
  for (const status of statuses)
    for (const [id] of await reader.all<[number]>(sql`
      SELECT DISTINCT r.queue_id FROM queue_recipient AS r
      WHERE r.status = ${status} AND r.queue_id > ${after ?? 0} ORDER BY r.queue_id LIMIT ${limit}`))
      ids.add(id)
  return [...ids].sort((a, b) => a - b).slice(0, limit)
}

export const showQueued: Query<'queue.show'> = async (reader, { queueId }) => {
  const message = await reader.get<QueueMessageTuple>(sql`
    SELECT ${queueMessageColumns} FROM queue_message AS q WHERE q.queue_id = ${queueId}`)
  if (!message) return null
  return (await withRecipients(reader, [queueMessageRow(message)]))[0] ?? null
}

export const nextDue: Query<'queue.nextDue'> = async reader => {
  const row = await reader.get<[number | null]>(sql`
    SELECT MIN(available_at) FROM queue_recipient WHERE available_at IS NOT NULL`)
  return row?.[0] ?? null
}

export const countQueue: Query<'queue.counts'> = async reader => {
  const rows = await reader.all<[RecipientStatus, number]>(sql`
    SELECT status, COUNT(*) FROM queue_recipient GROUP BY status ORDER BY status`)
  return rows.map(([status, recipients]) => ({ status, recipients }))
}

async function withRecipients(
  reader: Reader,
  messages: readonly QueueMessageRow[],
): Promise<{ message: QueueMessageRow; recipients: QueueRecipientRow[] }[]> {
  const byQueueId = new Map(
    messages.map(message => [message.queueId, { message, recipients: [] as QueueRecipientRow[] }]),
  )
  for (const tuple of await reader.all<QueueRecipientTuple>(sql`
    SELECT ${queueRecipientColumns} FROM queue_recipient AS r WHERE r.queue_id IN ${list([...byQueueId.keys()])}
    ORDER BY r.recipient_id`))
    byQueueId.get(tuple[1])?.recipients.push(queueRecipientRow(tuple))
  return [...byQueueId.values()]
}
