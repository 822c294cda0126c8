/**
 * Leasing what is due. Two ways to find it, each driven by an index:
 * - by time: the oldest due recipients, as long as few of them wait for a destination that is busy;
 * - by destination: from one destination to the next, past the thousands that may wait for a busy one.
 */
import {
  type QueueMessageTuple,
  type QueueRecipientTuple,
  queueMessageColumns,
  queueMessageRow,
  queueRecipientColumns,
  queueRecipientRow,
} from '../rows/queue.ts'
import { list, sql } from '../sql.ts'
import type { Transaction } from '../transaction.ts'
import type { LeasedRecipient, QueueMessageRow } from '../types.ts'
import type { Operation } from './operation.ts'

/** Rows looked at in order of time for each one asked for, before going by destination. */
const lookAhead = 4

type Due = [recipientId: number, destination: string, availableAt: number]

export const leaseRecipients: Operation<'queue.lease'> = async (tx, { owner, now, leaseMs, limit, perDestination }) => {
  const busy = new Map(
    await tx.all<[string, number]>(sql`
      SELECT destination, COUNT(*) FROM queue_recipient
      WHERE lease_owner IS NOT NULL AND lease_until > ${now} GROUP BY destination`),
  )
  const room = (destination: string): number => perDestination - (busy.get(destination) ?? 0)
  const chosen = (await chooseByTime(tx, now, limit, room)) ?? (await chooseByDestination(tx, now, limit, room))
  if (chosen.length === 0) return []
  const until = now + leaseMs
  await tx.run(sql`
    UPDATE queue_recipient SET lease_owner = ${owner}, lease_until = ${until}, available_at = ${until}
    WHERE recipient_id IN ${list(chosen)}`)
  return withMessages(tx, chosen)
}

/** Null where busy destinations hide what else may be due. */
async function chooseByTime(
  tx: Transaction,
  now: number,
  limit: number,
  room: (destination: string) => number,
): Promise<number[] | null> {
  const rows = lookAhead * limit
  const due = await tx.all<Due>(sql`
    SELECT recipient_id, destination, available_at FROM queue_recipient
    WHERE available_at <= ${now} ORDER BY available_at, recipient_id LIMIT ${rows}`)
  const chosen = choose(due, limit, room)
  return chosen.length === limit || due.length < rows ? chosen : null
}

async function chooseByDestination(
  tx: Transaction,
  now: number,
  limit: number,
  room: (destination: string) => number,
): Promise<number[]> {
  const destinations = await tx.all<[string]>(sql`
    WITH RECURSIVE step (destination) AS (
      SELECT MIN(destination) FROM queue_recipient WHERE available_at IS NOT NULL
      UNION ALL
      SELECT (SELECT MIN(q.destination) FROM queue_recipient AS q WHERE q.available_at IS NOT NULL AND q.destination > step.destination)
      FROM step WHERE step.destination IS NOT NULL
    )
    SELECT destination FROM step WHERE destination IS NOT NULL`)
  const due: Due[] = []
  for (const [destination] of destinations) {
    const free = Math.min(room(destination), limit)
    if (free <= 0) continue
    const rows = await tx.all<Due>(sql`
      SELECT recipient_id, destination, available_at FROM queue_recipient
      WHERE destination = ${destination} AND available_at <= ${now}
      ORDER BY available_at, recipient_id LIMIT ${free}`)
    due.push(...rows)
  }
  due.sort((a, b) => a[2] - b[2] || a[0] - b[0])
  return choose(due, limit, room)
}

function choose(due: readonly Due[], limit: number, room: (destination: string) => number): number[] {
  const taken = new Map<string, number>()
  const chosen: number[] = []
  for (const [recipientId, destination] of due) {
    if (chosen.length === limit) break
    const already = taken.get(destination) ?? 0
    if (already >= room(destination)) continue
    taken.set(destination, already + 1)
    chosen.push(recipientId)
  }
  return chosen
}

async function withMessages(tx: Transaction, recipientIds: readonly number[]): Promise<LeasedRecipient[]> {
  const recipients = await tx.all<QueueRecipientTuple>(sql`
    SELECT ${queueRecipientColumns} FROM queue_recipient AS r WHERE r.recipient_id IN ${list(recipientIds)}`)
  const queueIds = [...new Set(recipients.map(tuple => tuple[1]))]
  const messages = new Map<number, QueueMessageRow>()
  for (const tuple of await tx.all<QueueMessageTuple>(sql`
    SELECT ${queueMessageColumns} FROM queue_message AS q WHERE q.queue_id IN ${list(queueIds)}`))
    messages.set(tuple[0], queueMessageRow(tuple))
  const leased = new Map<number, LeasedRecipient>()
  for (const tuple of recipients) {
    const message = messages.get(tuple[1])
    if (message) leased.set(tuple[0], { ...queueRecipientRow(tuple), message })
  }
  return recipientIds.flatMap(recipientId => leased.get(recipientId) ?? [])
}
