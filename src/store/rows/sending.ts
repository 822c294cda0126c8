/** What is read of limits and of what was sent, for operations and queries alike. */
import { Fragment, sql } from '../sql.ts'
import type { Reader, Transaction } from '../transaction.ts'
import type { HoldFacts, HoldReason, SendingDefaults, SendingSubject } from '../types/sending.ts'
import { keepRows } from '../words.ts'

/** A message counts for so long: at t and at every moment before t + this. */
export const WINDOW_MS = 60 * 60_000

/** What is held and nobody decides on is given up then, and comes back to its sender. */
export const HELD_MS = 5 * 24 * 60 * 60_000

/** The last moment whose messages no longer count at `at`. */
export const lastOver = (at: number): number => at - WINDOW_MS

/** What has a later time than this at `at` has it from a clock that was ahead. It counts for nothing: it would for as long as that was. */
export const lastPossible = (at: number): number => at + WINDOW_MS

export const subjectKey = (subject: SendingSubject): string =>
  subject.kind === 'mailbox' ? `a:${subject.accountId}` : `d:${subject.domain}`

export const subjectOf = (key: string): SendingSubject =>
  key.startsWith('a:') ? { kind: 'mailbox', accountId: Number(key.slice(2)) } : { kind: 'domain', domain: key.slice(2) }

/** Whom a limit is of, and how high it is; null: none. */
export interface LimitHolder {
  subject: SendingSubject
  key: string
  name: string
  domain: string
  usualLimit: number | null
}

/** The nearest that says something decides: the mailbox itself, its domain, its plan, the service. */
export async function mailboxHolder(
  reader: Reader,
  accountId: number,
  defaults: SendingDefaults,
): Promise<(LimitHolder & { ofDomain: LimitHolder }) | null> {
  const found = await reader.get<[string, string, number | null, number | null]>(sql`
    SELECT a.address, a.domain, COALESCE(a.hourly_limit, d.mailbox_hourly_limit, a.plan_hourly_limit),
      d.domain_hourly_limit
    FROM account AS a JOIN domain AS d ON d.name = a.domain WHERE a.account_id = ${accountId}`)
  if (!found) return null
  const [name, domain, nearest, ofDomain] = found
  const subject: SendingSubject = { kind: 'mailbox', accountId }
  return {
    subject,
    key: subjectKey(subject),
    name,
    domain,
    usualLimit: nearest ?? defaults.mailbox,
    ofDomain: holderOfDomain(domain, ofDomain, defaults),
  }
}

export async function domainHolder(
  reader: Reader,
  domain: string,
  defaults: SendingDefaults,
): Promise<LimitHolder | null> {
  const found = await reader.get<[number | null]>(sql`SELECT domain_hourly_limit FROM domain WHERE name = ${domain}`)
  return found ? holderOfDomain(domain, found[0], defaults) : null
}

function holderOfDomain(domain: string, own: number | null, defaults: SendingDefaults): LimitHolder {
  const subject: SendingSubject = { kind: 'domain', domain }
  return { subject, key: subjectKey(subject), name: domain, domain, usualLimit: own ?? defaults.domain }
}

export type StateTuple = [
  used: number,
  strange: number,
  nextSeq: number,
  isWarned: number,
  blockedUntil: number | null,
  raisedTo: number | null,
  raisedUntil: number | null,
  raisedBy: string | null,
  lastAt: number,
]

export interface SendingState {
  used: number
  strange: number
  nextSeq: number
  isWarned: boolean
  /** What has passed stands as null. */
  blockedUntil: number | null
  raise: { limit: number; until: number; by: string } | null
  /** Some of it is of a clock that was ahead. */
  isAhead: boolean
}

const stateColumns = new Fragment(
  'used, strange, next_seq, is_warned, blocked_until, raised_to, raised_until, raised_by, last_at',
)

export async function stateOf(reader: Reader, key: string, at: number): Promise<SendingState | null> {
  const found = await reader.get<StateTuple>(sql`SELECT ${stateColumns} FROM sending_state WHERE subject = ${key}`)
  return found ? sendingState(found, at) : null
}

/** For who changes it: nobody else does until the transaction ends. */
export async function keptStateOf(tx: Transaction, key: string, at: number): Promise<SendingState | null> {
  const found = await tx.get<StateTuple>(sql`
    SELECT ${stateColumns} FROM sending_state WHERE subject = ${key} ${keepRows}`)
  return found ? sendingState(found, at) : null
}

function sendingState(found: StateTuple, at: number): SendingState {
  const [used, strange, nextSeq, isWarned, blockedUntil, raisedTo, raisedUntil, raisedBy, lastAt] = found
  const isAhead = lastAt > lastPossible(at)
  const isRaised = raisedTo !== null && raisedUntil !== null && raisedUntil > at
  return {
    used,
    strange,
    nextSeq,
    isWarned: isWarned === 1,
    blockedUntil: blockedUntil !== null && blockedUntil > at && !isAhead ? blockedUntil : null,
    raise: isRaised ? { limit: raisedTo, until: raisedUntil, by: raisedBy ?? '' } : null,
    isAhead,
  }
}

/** A raise never lowers. */
export function limitOf(usualLimit: number | null, state: SendingState | null): number | null {
  return usualLimit === null ? null : Math.max(usualLimit, state?.raise?.limit ?? 0)
}

/** Those that count at `at`; `strange`: of them, those written to from new places. */
export async function usedOf(
  reader: Reader,
  key: string,
  state: SendingState | null,
  at: number,
): Promise<{ used: number; strange: number }> {
  if (!state || state.used === 0) return { used: 0, strange: 0 }
  const over = await reader.get<[number, number]>(sql`
    SELECT COALESCE(SUM(recipients), 0), COALESCE(SUM(strange), 0) FROM sending_charge
    WHERE subject = ${key} AND at <= ${lastOver(at)}`)
  const ahead = state.isAhead
    ? await reader.get<[number, number]>(sql`
        SELECT COALESCE(SUM(recipients), 0), COALESCE(SUM(strange), 0) FROM sending_charge
        WHERE subject = ${key} AND at > ${lastPossible(at)}`)
    : undefined
  return {
    used: state.used - (over?.[0] ?? 0) - (ahead?.[0] ?? 0),
    strange: state.strange - (over?.[1] ?? 0) - (ahead?.[1] ?? 0),
  }
}

export interface HoldRow {
  reason: HoldReason
  at: number
  facts: HoldFacts
}

export async function holdOf(reader: Reader, accountId: number): Promise<HoldRow | null> {
  const found = await reader.get<[HoldReason, number, string]>(sql`
    SELECT reason, at, facts FROM sending_hold WHERE account_id = ${accountId}`)
  if (!found) return null
  const [reason, at, facts] = found
  return { reason, at, facts: JSON.parse(facts) }
}

/** What waits for the account's hold by now. */
export async function heldWaiting(
  reader: Reader,
  accountId: number,
): Promise<{ messages: number; recipients: number }> {
  const found = await reader.get<[number, number]>(sql`
    SELECT COUNT(DISTINCT queue_id), COUNT(*) FROM queue_recipient WHERE held_for = ${accountId}`)
  return { messages: found?.[0] ?? 0, recipients: found?.[1] ?? 0 }
}
