/**
 * Exact, since it is counted where the message is accepted: in one transaction with it, after what no longer counts was taken
 * away. Each row is written once and removed once, so the work of a message does not grow with the limit.
 */

import {
  domainHolder,
  holdOf,
  keptStateOf,
  type LimitHolder,
  lastOver,
  lastPossible,
  limitOf,
  mailboxHolder,
  type SendingState,
  subjectKey,
  usedOf,
} from '../../rows/sending.ts'
import { sql } from '../../sql.ts'
import { StoreError } from '../../store.ts'
import type { Transaction } from '../../transaction.ts'
import type { SendingIncident, WatchedSubmission } from '../../types/sending.ts'
import { keepFreeRows } from '../../words.ts'
import { unknownAccount } from '../account.ts'
import { unknownDomain } from '../domain.ts'
import type { Operation } from '../operation.ts'
import { habitOf, keepHabit, type SendingHabit } from './sending-habit.ts'
import { clearedOf, FAILURE_WINDOW_MS } from './sending-hold.ts'
import { addNews } from './sending-news.ts'

/** Of the limit: told from the one on; told anew once it was below the other. */
const WARNED_FROM = 0.8
const REARMED_BELOW = 0.6

export const chargeSending: Operation<'sending.charge'> = async (tx, args) => {
  const { accountId, recipients, defaults, watched, at } = args
  const mailbox = await mailboxHolder(tx, accountId, defaults)
  if (!mailbox) throw unknownAccount(accountId)
  const strange = watched?.isNewPlace ? recipients : 0
  const counts = await charge(tx, mailbox, accountId, { recipients, strange, at })
  await charge(tx, mailbox.ofDomain, null, { recipients, strange: 0, at })
  const habit = await habitOf(tx, accountId, at)
  if (watched) await expectUsual(tx, accountId, { ...watched, ...counts, habit, at })
  habit.sent += recipients
  // What is held or comes from a new place makes no habit.
  if (strange === 0 && !watched?.held) habit.peak = Math.max(habit.peak, counts.used - counts.strange)
  await keepHabit(tx, accountId, habit, at)
}

/** Undoes the message, which is then held as a whole: also what of it would be delivered at once. */
async function expectUsual(
  tx: Transaction,
  accountId: number,
  seen: WatchedSubmission & { strange: number; habit: SendingHabit; at: number },
): Promise<void> {
  const { held, isNewPlace, newPlaceLimit, strange, habit, at } = seen
  if (((await holdOf(tx, accountId)) !== null) !== held)
    throw new StoreError('conflict', `whether mail of account ${accountId} is held has changed`)
  if (held || !isNewPlace || newPlaceLimit === null) return
  if (strange <= Math.max(newPlaceLimit, habit.peak, habit.peakBefore)) return
  if ((await clearedOf(tx, accountId, at)).has('new-place')) return
  throw new StoreError('unusual', `${strange} recipients from a new place`)
}

async function charge(
  tx: Transaction,
  holder: LimitHolder,
  accountId: number | null,
  { recipients, strange, at }: { recipients: number; strange: number; at: number },
): Promise<{ used: number; strange: number }> {
  const { key, name, usualLimit } = holder
  const state = await keptState(tx, holder, at)
  if (state.blockedUntil) throw new StoreError('over-limit', `${name} is blocked`)
  const limit = limitOf(usualLimit, state)
  const counted = await prune(tx, key, state, at)
  const before = counted.used
  const after = { used: before + recipients, strange: counted.strange + strange }
  const { used } = after
  if (limit !== null && used > limit) throw new StoreError('over-limit', `${name} has ${limit - before} left this hour`)
  const wasWarned = state.isWarned && !(limit === null || before < limit * REARMED_BELOW)
  const isNews = limit !== null && !wasWarned && used >= limit * WARNED_FROM
  const isWarned = wasWarned || isNews ? 1 : 0
  const seq = state.nextSeq
  await tx.run(sql`
    INSERT INTO sending_charge (subject, at, seq, recipients, strange)
    VALUES (${key}, ${at}, ${seq}, ${recipients}, ${strange})`)
  await tx.run(sql`
    INSERT INTO sending_state (subject, account_id, domain, used, strange, next_seq, last_at, is_warned)
    VALUES (${key}, ${accountId}, ${holder.domain}, ${used}, ${after.strange}, ${seq + 1}, ${at}, ${isWarned})
    ON CONFLICT (subject) DO UPDATE SET used = excluded.used, strange = excluded.strange, next_seq = excluded.next_seq,
      last_at = CASE WHEN excluded.last_at > sending_state.last_at THEN excluded.last_at ELSE sending_state.last_at END,
      is_warned = excluded.is_warned`)
  if (isNews) await addNews(tx, key, 'warning', { limit, used }, at)
  return after
}

/** What counts, once what no longer does is gone. */
async function prune(
  tx: Transaction,
  key: string,
  state: SendingState,
  at: number,
): Promise<{ used: number; strange: number }> {
  const counted = await usedOf(tx, key, state, at)
  if (counted.used !== state.used)
    await tx.run(sql`DELETE FROM sending_charge WHERE subject = ${key} AND at <= ${lastOver(at)}`)
  if (state.isAhead) {
    await tx.run(sql`DELETE FROM sending_charge WHERE subject = ${key} AND at > ${lastPossible(at)}`)
    await tx.run(sql`UPDATE sending_state SET last_at = ${at}, blocked_until = NULL WHERE subject = ${key}`)
  }
  return counted
}

export const blockSending: Operation<'sending.block'> = async (tx, args) => {
  const { accountId, recipients, sample, blockedMs, defaults, at } = args
  const mailbox = await mailboxHolder(tx, accountId, defaults)
  if (!mailbox) throw unknownAccount(accountId)
  for (const holder of [mailbox, mailbox.ofDomain]) {
    const { key, usualLimit } = holder
    const state = await keptStateOf(tx, key, at)
    if (state?.blockedUntil) return state.blockedUntil
    const limit = limitOf(usualLimit, state)
    if (limit === null) continue
    const { used } = await usedOf(tx, key, state, at)
    if (used + recipients <= limit) continue
    const blockedUntil = at + blockedMs
    await keepState(tx, holder, at)
    await tx.run(sql`UPDATE sending_state SET blocked_until = ${blockedUntil} WHERE subject = ${key}`)
    const sender = { sender: mailbox.name, senderId: accountId }
    const facts: SendingIncident = { limit, used, recipients, sample, blockedUntil, ...sender }
    await addNews(tx, key, 'blocked', facts, at)
    return blockedUntil
  }
  return null
}

export const raiseSending: Operation<'sending.raise'> = async (tx, { subject, raise, at }) => {
  const defaults = { mailbox: null, domain: null }
  const holder =
    subject.kind === 'mailbox'
      ? await mailboxHolder(tx, subject.accountId, defaults)
      : await domainHolder(tx, subject.domain, defaults)
  if (!holder) throw subject.kind === 'mailbox' ? unknownAccount(subject.accountId) : unknownDomain(subject.domain)
  await keepState(tx, holder, at)
  const { limit = null, until = null, by = null } = raise ?? {}
  await tx.run(sql`
    UPDATE sending_state SET raised_to = ${limit}, raised_until = ${until}, raised_by = ${by}
    WHERE subject = ${holder.key}`)
  if (raise) await unblock(tx, holder.key)
}

export const unblockSending: Operation<'sending.unblock'> = (tx, { subject }) => unblock(tx, subjectKey(subject))

export const toldSending: Operation<'sending.told'> = async (tx, { subject, kind }) => {
  await tx.run(sql`DELETE FROM sending_news WHERE subject = ${subjectKey(subject)} AND kind = ${kind}`)
}

export const sweepSending: Operation<'sending.sweep'> = async (tx, { at, limit }) => {
  const idle = await tx.all<[string]>(sql`
    SELECT subject FROM sending_state
    WHERE last_at <= ${lastOver(at)} AND (blocked_until IS NULL OR blocked_until <= ${at})
      AND (raised_until IS NULL OR raised_until <= ${at})
    LIMIT ${limit} ${keepFreeRows}`)
  for (const [key] of idle) {
    await tx.run(sql`DELETE FROM sending_charge WHERE subject = ${key}`)
    await tx.run(sql`DELETE FROM sending_state WHERE subject = ${key}`)
  }
  const failures = await tx.run(sql`
    DELETE FROM sending_failure WHERE (account_id, address) IN (
      SELECT f.account_id, f.address FROM sending_failure AS f
      WHERE f.at <= ${at - FAILURE_WINDOW_MS} ORDER BY f.at LIMIT ${limit})`)
  await tx.run(sql`DELETE FROM sending_cleared WHERE until <= ${at}`)
  return idle.length === limit || failures === limit
}

async function unblock(tx: Transaction, key: string): Promise<void> {
  await tx.run(sql`UPDATE sending_state SET blocked_until = NULL WHERE subject = ${key}`)
}

/** Made where it is missing, so that of two that send at once each counts the other's. */
async function keptState(tx: Transaction, holder: LimitHolder, at: number): Promise<SendingState> {
  for (;;) {
    const state = await keptStateOf(tx, holder.key, at)
    if (state) return state
    await keepState(tx, holder, at)
  }
}

async function keepState(tx: Transaction, { subject, key, domain }: LimitHolder, at: number): Promise<void> {
  const accountId = subject.kind === 'mailbox' ? subject.accountId : null
  await tx.run(sql`
    INSERT INTO sending_state (subject, account_id, domain, used, strange, next_seq, last_at, is_warned)
    VALUES (${key}, ${accountId}, ${domain}, 0, 0, 0, ${at}, 0)
    ON CONFLICT (subject) DO NOTHING`)
}
