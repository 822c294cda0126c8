/** Mail of an account that waits for a look by the staff: since when, why, and what they decide. */
import { HELD_MS, heldWaiting, holdOf, stateOf, subjectKey, usedOf } from '../../rows/sending.ts'
import { list, sql } from '../../sql.ts'
import { StoreError } from '../../store.ts'
import type { Transaction } from '../../transaction.ts'
import type { HoldDecision, HoldFacts, HoldReason } from '../../types/sending.ts'
import type { AccountId } from '../../types.ts'
import { keepFreeRows, keepRows } from '../../words.ts'
import type { Operation } from '../operation.ts'
import { noteSettled } from '../queue-message.ts'
import { habitOf, keepHabit } from './sending-habit.ts'
import { addNews } from './sending-news.ts'
import { insertTraceEvent } from './trace.ts'

/** How long somebody who can't be reached counts. */
export const FAILURE_WINDOW_MS = 24 * 60 * 60_000
/** Of all that were written to in that time and up to a day before: less is an address book that has grown old. */
const FAILURE_SHARE = 0.2
const SAMPLE = 10

export const holdSending: Operation<'sending.hold'> = async (tx, { accountId, reason, facts, at }) => {
  if (!(await isAccount(tx, accountId)) || (await holdOf(tx, accountId))) return
  if ((await clearedOf(tx, accountId, at)).has(reason)) return
  if (reason !== 'new-place') return hold(tx, accountId, reason, facts, at)
  const key = subjectKey({ kind: 'mailbox', accountId })
  const { strange } = await usedOf(tx, key, await stateOf(tx, key, at), at)
  const { peak, peakBefore } = await habitOf(tx, accountId, at)
  const counted = { count: strange + facts.count, usual: Math.max(facts.usual, peak, peakBefore) }
  await hold(tx, accountId, reason, { ...facts, ...counted }, at)
}

async function hold(
  tx: Transaction,
  accountId: AccountId,
  reason: HoldReason,
  facts: HoldFacts,
  at: number,
): Promise<void> {
  await tx.run(sql`
    INSERT INTO sending_hold (account_id, reason, at, facts)
    VALUES (${accountId}, ${reason}, ${at}, ${JSON.stringify(facts)})`)
  await addNews(tx, subjectKey({ kind: 'mailbox', accountId }), 'held', { ...facts, reason }, at)
}

export async function clearedOf(tx: Transaction, accountId: AccountId, at: number): Promise<Set<HoldReason>> {
  const rows = await tx.all<[HoldReason]>(sql`
    SELECT reason FROM sending_cleared WHERE account_id = ${accountId} AND until > ${at}`)
  return new Set(rows.map(([reason]) => reason))
}

export const failSending: Operation<'sending.failed'> = async (tx, args) => {
  const { accountId, failures, wereSent, thresholds, at } = args
  if (!(await isAccount(tx, accountId)) || (await holdOf(tx, accountId))) return
  const cleared = await clearedOf(tx, accountId, at)
  const limitFor = (reason: HoldReason): number => (cleared.has(reason) ? null : thresholds[reason]) ?? Infinity
  const limits = { unknown: limitFor('unknown-users'), all: limitFor('bounces') }
  if (limits.unknown === Infinity && limits.all === Infinity) return
  for (const { address, isUnknown } of failures)
    await tx.run(sql`
      INSERT INTO sending_failure (account_id, address, at, is_unknown)
      VALUES (${accountId}, ${address.toLowerCase()}, ${at}, ${isUnknown ? 1 : 0})
      ON CONFLICT (account_id, address) DO UPDATE SET at = excluded.at, is_unknown = excluded.is_unknown`)
  const habit = await habitOf(tx, accountId, at)
  if (!wereSent) {
    habit.sent += failures.length
    await keepHabit(tx, accountId, habit, at)
  }
  const counted = await tx.get<[number, number]>(sql`
    SELECT COUNT(*), COALESCE(SUM(is_unknown), 0) FROM sending_failure
    WHERE account_id = ${accountId} AND at > ${at - FAILURE_WINDOW_MS}`)
  const [all, unknown] = counted ?? [0, 0]
  const least = (habit.sent + habit.sentBefore) * FAILURE_SHARE
  const isUnknownUsers = unknown >= limits.unknown && unknown >= least
  if (!isUnknownUsers && !(all >= limits.all && all >= least)) return
  const sample = await tx.all<[string]>(sql`
    SELECT address FROM sending_failure
    WHERE account_id = ${accountId} AND at > ${at - FAILURE_WINDOW_MS} AND is_unknown >= ${isUnknownUsers ? 1 : 0}
    ORDER BY at DESC, address LIMIT ${SAMPLE}`)
  const facts: HoldFacts = {
    count: isUnknownUsers ? unknown : all,
    usual: isUnknownUsers ? limits.unknown : limits.all,
    sample: sample.map(([address]) => address),
    remoteAddress: null,
    place: null,
  }
  await hold(tx, accountId, isUnknownUsers ? 'unknown-users' : 'bounces', facts, at)
}

export const releaseSending: Operation<'sending.release'> = async (tx, { accountId, clearedUntil, at }) => {
  const held = await holdOf(tx, accountId)
  if (!held) throw notHeld(accountId)
  const waiting = await heldWaiting(tx, accountId)
  await tx.run(sql`DELETE FROM sending_hold WHERE account_id = ${accountId}`)
  await tx.run(sql`
    INSERT INTO sending_cleared (account_id, reason, until) VALUES (${accountId}, ${held.reason}, ${clearedUntil})
    ON CONFLICT (account_id, reason) DO UPDATE SET until = excluded.until`)
  await tellDecision(tx, accountId, { decision: 'released', ...waiting }, at)
}

export const dropHeld: Operation<'sending.drop'> = async (tx, { accountId, tell, at, limit }) => {
  if (!(await holdOf(tx, accountId))) throw notHeld(accountId)
  if (tell) await tellDecision(tx, accountId, tell, at)
  return takeOut(tx, accountId, at, limit)
}

function tellDecision(tx: Transaction, accountId: AccountId, decision: HoldDecision, at: number): Promise<void> {
  return addNews(tx, subjectKey({ kind: 'mailbox', accountId }), 'hold-decided', decision, at)
}

/** What waits for the account's hold, out of the queue. True where there may be more. */
async function takeOut(tx: Transaction, accountId: AccountId, at: number, limit: number): Promise<boolean> {
  const rows = await tx.all<HeldTuple>(sql`
    SELECT r.recipient_id, r.queue_id, r.address, q.trace_id
    FROM queue_recipient AS r JOIN queue_message AS q ON q.queue_id = r.queue_id
    WHERE r.held_for = ${accountId} ORDER BY r.recipient_id LIMIT ${limit} ${keepRows}`)
  await tx.run(sql`
    UPDATE queue_recipient SET status = 'removed', held_for = ${null}, available_at = ${null}
    WHERE recipient_id IN ${list(rows.map(([id]) => id))}`)
  await noteSettled(tx, [...new Set(rows.map(([, queueId]) => queueId))], at)
  for (const row of rows) await traceOf(tx, row, 'dropped', at)
  return rows.length === limit
}

export const letGo: Operation<'queue.letGo'> = async (tx, { at, limit }) => {
  const rows = await tx.all<HeldTuple>(sql`
    SELECT r.recipient_id, r.queue_id, r.address, q.trace_id
    FROM queue_recipient AS r JOIN queue_message AS q ON q.queue_id = r.queue_id
    WHERE r.held_for IS NOT NULL AND NOT EXISTS (SELECT 1 FROM sending_hold AS h WHERE h.account_id = r.held_for)
    ORDER BY r.held_for, r.recipient_id LIMIT ${limit} ${keepFreeRows}`)
  await tx.run(sql`
    UPDATE queue_recipient SET status = 'queued', held_for = ${null}, released_at = ${at}, next_attempt_at = ${at},
      available_at = COALESCE(lease_until, ${at})
    WHERE recipient_id IN ${list(rows.map(([id]) => id))}`)
  for (const row of rows) await traceOf(tx, row, 'released', at)
  return rows.length === limit
}

export const holdBack: Operation<'queue.holdBack'> = async (tx, { recipientIds, accountId, at }) => {
  const held = await holdOf(tx, accountId)
  const rows = await tx.all<HeldTuple>(sql`
    SELECT r.recipient_id, r.queue_id, r.address, q.trace_id
    FROM queue_recipient AS r JOIN queue_message AS q ON q.queue_id = r.queue_id
    WHERE r.recipient_id IN ${list(recipientIds)} AND r.status = 'queued'
    ORDER BY r.recipient_id ${keepRows}`)
  const ids = list(rows.map(([id]) => id))
  const until = held ? at + HELD_MS : at
  await tx.run(sql`
    UPDATE queue_recipient SET status = ${held ? 'held' : 'queued'}, held_for = ${held ? accountId : null},
      lease_owner = ${null}, lease_until = ${null}, next_attempt_at = ${until}, available_at = ${until}
    WHERE recipient_id IN ${ids}`)
  if (held) for (const row of rows) await traceOf(tx, row, 'held', at, held.reason)
}

type HeldTuple = [recipientId: number, queueId: number, address: string, traceId: number | null]

async function traceOf(
  tx: Transaction,
  [, , recipient, traceId]: HeldTuple,
  kind: 'held' | 'released' | 'dropped',
  at: number,
  hold?: HoldReason,
): Promise<void> {
  if (traceId !== null) await insertTraceEvent(tx, { traceId, at, recipient, kind, detail: hold ? { hold } : {} })
}

async function isAccount(tx: Transaction, accountId: AccountId): Promise<boolean> {
  return (await tx.get(sql`SELECT 1 FROM account WHERE account_id = ${accountId}`)) !== undefined
}

const notHeld = (accountId: AccountId): StoreError =>
  new StoreError('not-found', `mail of account ${accountId} is not held`)
