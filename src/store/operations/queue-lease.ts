/**
 * Leasing what is due, the oldest first. Three ways to find it, each driven by an index:
 * - by time: the first rows that are due, as long as few of them wait for a destination that is busy;
 * - by destination, where few destinations wait: past the thousands of rows that may wait for a busy one;
 * - by time again, past the busy destinations by name, where many destinations wait.
 * Where what a sender may not have leased hides the rest, the latest that are due are looked at too: what falls due, or is
 * queued, is the latest when the queue is woken for it, however much of one sender waits before it.
 *
 * What another node has is its own for as long as that node is known, also where its lease looks over by this one's clock, which may
 * be hours ahead: the others would send what it is sending. Who finds it dead gives back what it had.
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
import type { LeasedRecipient, LeaseShares, QueueMessageRow } from '../types.ts'
import type { Operation } from './operation.ts'

/** Rows looked at in order of time for each one asked for, before going by destination. */
const lookAhead = 4

/** Up to so many destinations each is asked by itself: some milliseconds. */
const fewDestinations = 200

interface Look {
  tx: Transaction
  now: number
  limit: number
  /** How many more of a destination may be leased. */
  room: (destination: string) => number
  except: ReadonlySet<number>
  /** Of each destination, how much of that looks due and is another node's. */
  ofOthers: ReadonlyMap<string, number>
  shares: LeaseShares | null
}

type Due = [recipientId: number, destination: string, availableAt: number]

interface Choice {
  chosen: Due[]
  /** Whether some were passed over for what is leased of their destination already, or of their sender. */
  busyHides: boolean
  senderHides: boolean
}

export const leaseRecipients: Operation<'queue.lease'> = async (tx, args) => {
  const { owner, now, leaseMs, limit, perDestination, shares = null } = args
  const [counts, others] = await Promise.all([
    tx.all<[string, number]>(sql`
      SELECT destination, COUNT(*) FROM queue_recipient
      WHERE lease_owner IS NOT NULL AND lease_until > ${now} GROUP BY destination`),
    tx.all<[number, string]>(sql`
      SELECT recipient_id, destination FROM queue_recipient
      WHERE lease_owner IS NOT NULL AND lease_until <= ${now} AND lease_owner <> ${owner}
        AND lease_owner IN (SELECT node_id FROM node)`),
  ])
  const except = new Set([...(args.except ?? []), ...others.map(([recipientId]) => recipientId)])
  const busy = new Map(counts)
  const ofOthers = countBy(others)
  for (const [destination, leased] of ofOthers) busy.set(destination, (busy.get(destination) ?? 0) + leased)
  const room = (destination: string): number => perDestination - (busy.get(destination) ?? 0)
  const look: Look = { tx, now, limit, room, except, ofOthers, shares }
  const choice =
    (await chooseByTime(look)) ?? (await chooseByDestination(look)) ?? (await choosePastBusy(look, [...busy.keys()]))
  const due = choice.senderHides && choice.chosen.length < limit ? await chooseOfLatest(look, choice) : choice.chosen
  if (due.length === 0) return []
  const chosen = due.map(([recipientId]) => recipientId)
  const until = now + leaseMs
  // One that was held or removed since it was chosen is no longer due.
  const leased = new Set(
    (
      await tx.all<[number]>(sql`
        UPDATE queue_recipient SET lease_owner = ${owner}, lease_until = ${until}, available_at = ${until}
        WHERE recipient_id IN ${list(chosen)} AND available_at <= ${now}
        RETURNING recipient_id`)
    ).map(([recipientId]) => recipientId),
  )
  return withMessages(
    tx,
    chosen.filter(recipientId => leased.has(recipientId)),
  )
}

/** Null where busy destinations hide what else may be due. */
async function chooseByTime(look: Look): Promise<Choice | null> {
  const { tx, now, limit } = look
  const rows = lookAhead * limit
  const due = await tx.all<Due>(sql`
    SELECT recipient_id, destination, available_at FROM queue_recipient
    WHERE available_at <= ${now} ORDER BY available_at, recipient_id LIMIT ${rows}`)
  const choice = await choose(due, look)
  return choice.chosen.length === limit || due.length < rows || !choice.busyHides ? choice : null
}

/** Null where too many destinations wait. */
async function chooseByDestination(look: Look): Promise<Choice | null> {
  const { tx, now, limit, room, ofOthers } = look
  const destinations = await tx.all<[string]>(sql`
    WITH RECURSIVE step (destination) AS (
      SELECT MIN(destination) FROM queue_recipient WHERE available_at IS NOT NULL
      UNION ALL
      SELECT (
        SELECT MIN(q.destination) FROM queue_recipient AS q
        WHERE q.available_at IS NOT NULL AND q.destination > step.destination)
      FROM step WHERE step.destination IS NOT NULL
    )
    SELECT destination FROM step WHERE destination IS NOT NULL LIMIT ${fewDestinations + 1}`)
  if (destinations.length > fewDestinations) return null
  const due: Due[] = []
  for (const [destination] of destinations) {
    const free = Math.min(room(destination), limit)
    if (free <= 0) continue
    // What is another's may lie before all that is not.
    const most = free + (ofOthers.get(destination) ?? 0)
    const rows = await tx.all<Due>(sql`
      SELECT recipient_id, destination, available_at FROM queue_recipient
      WHERE destination = ${destination} AND available_at <= ${now}
      ORDER BY available_at, recipient_id LIMIT ${most}`)
    due.push(...rows)
  }
  due.sort((a, b) => a[2] - b[2] || a[0] - b[0])
  return choose(due, look)
}

async function choosePastBusy(look: Look, known: readonly string[]): Promise<Choice> {
  const { tx, now, limit, room } = look
  const busy = new Set(known.filter(destination => room(destination) <= 0))
  let found: Due[] = []
  const rows = lookAhead * limit
  for (let [after, afterId] = [Number.MIN_SAFE_INTEGER, 0]; ; ) {
    const due = await tx.all<Due>(sql`
      SELECT recipient_id, destination, available_at FROM queue_recipient
      WHERE available_at <= ${now} AND (available_at, recipient_id) > (${after}, ${afterId})
        AND destination NOT IN ${list([...busy])}
      ORDER BY available_at, recipient_id LIMIT ${rows}`)
    const choice = await choose([...found, ...due], look)
    const { chosen } = choice
    const last = due.at(-1)
    if (chosen.length === limit || due.length < rows || !last) return choice
    // Not all that waits of such a sender is gone through.
    if (choice.senderHides && chosen.length === found.length) return choice
    found = chosen
    // What the rows chosen so far fill is busy from here on.
    for (const [destination, taken] of countBy(found)) if (taken >= room(destination)) busy.add(destination)
    ;[afterId, , after] = last
  }
}

async function chooseOfLatest(look: Look, { chosen }: Choice): Promise<Due[]> {
  const { tx, now, limit } = look
  const latest = await tx.all<Due>(sql`
    SELECT recipient_id, destination, available_at FROM queue_recipient
    WHERE available_at <= ${now} ORDER BY available_at DESC, recipient_id DESC LIMIT ${lookAhead * limit}`)
  const known = new Set(chosen.map(([recipientId]) => recipientId))
  return (await choose([...chosen, ...latest.reverse().filter(([recipientId]) => !known.has(recipientId))], look))
    .chosen
}

/** By destination, the second of each. */
function countBy(rows: readonly { readonly 1: string }[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { 1: destination } of rows) counts.set(destination, (counts.get(destination) ?? 0) + 1)
  return counts
}

async function choose(all: readonly Due[], look: Look): Promise<Choice> {
  const { tx, limit, room, except, shares } = look
  const due = all.filter(([recipientId, destination]) => !except.has(recipientId) && room(destination) > 0)
  const senders = shares ? await sendersOf(tx, due.slice(0, (lookAhead + 1) * limit)) : null
  const leased = shares && leasedOf(shares)
  const taken = new Map<string, number>()
  const choice: Choice = { chosen: [], busyHides: due.length < all.length, senderHides: false }
  for (const row of due) {
    if (choice.chosen.length === limit) break
    const [recipientId, destination] = row
    const already = taken.get(destination) ?? 0
    const sender = senders?.get(recipientId)
    if (already >= room(destination)) choice.busyHides = true
    else if (leased && (sender === undefined || !leased.take(sender, destination))) choice.senderHides = true
    else {
      taken.set(destination, already + 1)
      choice.chosen.push(row)
    }
  }
  return choice
}

async function sendersOf(tx: Transaction, due: readonly Due[]): Promise<Map<number, number>> {
  return new Map(
    await tx.all<[number, number]>(sql`
      SELECT r.recipient_id, CASE WHEN q.reverse_path = '' THEN -1 ELSE COALESCE(q.account_id, 0) END
      FROM queue_recipient AS r JOIN queue_message AS q ON q.queue_id = r.queue_id
      WHERE r.recipient_id IN ${list(due.map(([recipientId]) => recipientId))}`),
  )
}

/** Counts what is leased of each sender; `take` tells whether one more may be. */
function leasedOf(shares: LeaseShares): { take(sender: number, destination: string): boolean } {
  const ofSender = new Map<number, number>()
  const ofDestination = new Map<string, number>()
  const key = (sender: number, destination: string): string => `${sender} ${destination}`
  const count = (sender: number, destination: string, recipients: number): void => {
    ofSender.set(sender, (ofSender.get(sender) ?? 0) + recipients)
    const both = key(sender, destination)
    ofDestination.set(both, (ofDestination.get(both) ?? 0) + recipients)
  }
  for (const [sender, destination, recipients] of shares.leased) count(sender, destination, recipients)
  return {
    take(sender, destination) {
      if (shares.apart.includes(destination)) return true
      const most = sender === -1 ? shares.ofNobody : shares.ofSender
      if ((ofSender.get(sender) ?? 0) >= most) return false
      if ((ofDestination.get(key(sender, destination)) ?? 0) >= shares.perDestination) return false
      count(sender, destination, 1)
      return true
    },
  }
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
