/** Rows of domains, accounts, aliases and mailboxes: the columns asked for and what is made of them. */
import { Fragment } from '../sql.ts'
import type { AccountKind, AccountRow, AliasKind, AliasRow, DomainRow, MailboxRow, SpecialUse } from '../types.ts'

export const domainColumns = new Fragment(
  `name, catch_all, created_at, accounts, sold_bytes, default_plan_id, default_quota_bytes, quota_bytes, max_mailboxes,
   mailbox_hourly_limit, domain_hourly_limit`,
)
export type DomainTuple = [
  name: string,
  catchAll: string | null,
  createdAt: number,
  accounts: number,
  soldBytes: number,
  defaultPlanId: string | null,
  defaultQuotaBytes: number | null,
  quotaBytes: number | null,
  maxMailboxes: number | null,
  mailboxHourlyLimit: number | null,
  domainHourlyLimit: number | null,
]

export function domainRow(tuple: DomainTuple): DomainRow {
  const [name, catchAll, createdAt, accounts, soldBytes, defaultPlanId, defaultQuotaBytes, quotaBytes] = tuple
  const [, , , , , , , , maxMailboxes, mailboxHourlyLimit, domainHourlyLimit] = tuple
  return {
    name,
    catchAll,
    createdAt,
    accounts,
    soldBytes,
    defaultPlanId,
    defaultQuotaBytes,
    quotaBytes,
    maxMailboxes,
    mailboxHourlyLimit,
    domainHourlyLimit,
  }
}

/** Of `account AS a`. */
export const accountColumns = new Fragment(
  `a.account_id, a.address, a.domain, a.quota_bytes, a.used_bytes, a.messages, a.modseq, a.created_at, a.kind,
   a.sending_enabled, a.receiving_enabled, a.forward, a.plan_id, a.hourly_limit,
   a.rules_revision`,
)
export type AccountTuple = [
  accountId: number,
  address: string,
  domain: string,
  quotaBytes: number | null,
  usedBytes: number,
  messages: number,
  modseq: number,
  createdAt: number,
  kind: AccountKind,
  sendingEnabled: number,
  receivingEnabled: number,
  forward: string | null,
  planId: string | null,
  hourlyLimit: number | null,
  rulesRevision: number,
]

export function accountRow(tuple: AccountTuple): AccountRow {
  const [accountId, address, domain, quotaBytes, usedBytes, messages, modseq, createdAt, kind] = tuple
  const [, , , , , , , , , sendingEnabled, receivingEnabled, forward, planId, hourlyLimit, rulesRevision] = tuple
  return {
    accountId,
    address,
    domain,
    quotaBytes,
    usedBytes,
    messages,
    modseq,
    createdAt,
    kind,
    sendingEnabled: sendingEnabled === 1,
    receivingEnabled: receivingEnabled === 1,
    forward: forward === null ? null : JSON.parse(forward),
    planId,
    hourlyLimit,
    rulesRevision,
  }
}

export const aliasColumns = new Fragment('address, kind, name, targets, created_at')
export type AliasTuple = [string, AliasKind, string, string, number]

export function aliasRow([address, kind, name, targets, createdAt]: AliasTuple): AliasRow {
  return { address, kind, name, targets: JSON.parse(targets), createdAt }
}

/** Of `mailbox AS m`. */
export const mailboxColumns = new Fragment(
  `m.mailbox_id, m.account_id, m.name, m.special_use,
   CASE WHEN EXISTS (SELECT 1 FROM subscription AS s WHERE s.account_id = m.account_id AND s.name = m.name) THEN 1 ELSE 0 END,
   m.uid_validity, m.uid_next, m.highest_modseq, m.messages, m.unseen, m.deleted, m.size_bytes, m.recent_above`,
)
export type MailboxTuple = [
  number,
  number,
  string,
  SpecialUse | null,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number | null,
]

export function mailboxRow(tuple: MailboxTuple): MailboxRow {
  const [mailboxId, accountId, name, specialUse, subscribed, uidValidity, uidNext, highestModseq] = tuple
  const [, , , , , , , , messages, unseen, deleted, sizeBytes, recentAbove] = tuple
  return {
    mailboxId,
    accountId,
    name,
    specialUse,
    subscribed: subscribed === 1,
    uidValidity,
    uidNext,
    highestModseq,
    messages,
    unseen,
    deleted,
    sizeBytes,
    recentAbove,
  }
}
