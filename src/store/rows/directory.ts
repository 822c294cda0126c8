/** Rows of domains, accounts, aliases and mailboxes: the columns asked for and what is made of them. */
import { Fragment } from '../sql.ts'
import type { AccountRow, AliasRow, DomainRow, MailboxRow, SpecialUse } from '../types.ts'

export const domainColumns = new Fragment('name, catch_all, created_at, accounts')
export type DomainTuple = [string, string | null, number, number]

export function domainRow([name, catchAll, createdAt, accounts]: DomainTuple): DomainRow {
  return { name, catchAll, createdAt, accounts }
}

export const accountColumns = new Fragment(
  'account_id, address, domain, quota_bytes, used_bytes, messages, modseq, created_at',
)
export type AccountTuple = [number, string, string, number | null, number, number, number, number]

export function accountRow(tuple: AccountTuple): AccountRow {
  const [accountId, address, domain, quotaBytes, usedBytes, messages, modseq, createdAt] = tuple
  return { accountId, address, domain, quotaBytes, usedBytes, messages, modseq, createdAt }
}

export const aliasColumns = new Fragment('address, targets, created_at')
export type AliasTuple = [string, string, number]

export function aliasRow([address, targets, createdAt]: AliasTuple): AliasRow {
  return { address, targets: JSON.parse(targets), createdAt }
}

/** Of `mailbox AS m`. */
export const mailboxColumns = new Fragment(
  `m.mailbox_id, m.account_id, m.name, m.special_use,
   CASE WHEN EXISTS (SELECT 1 FROM subscription AS s WHERE s.account_id = m.account_id AND s.name = m.name) THEN 1 ELSE 0 END,
   m.uid_validity, m.uid_next, m.highest_modseq, m.messages, m.unseen, m.deleted, m.size_bytes`,
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
]

export function mailboxRow(tuple: MailboxTuple): MailboxRow {
  const [mailboxId, accountId, name, specialUse, subscribed, uidValidity, uidNext, highestModseq] = tuple
  const [, , , , , , , , messages, unseen, deleted, sizeBytes] = tuple
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
  }
}
